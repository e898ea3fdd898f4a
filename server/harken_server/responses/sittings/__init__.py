"""Sittings on the hosted page: what is stored of one, and what each page that is sent adds."""
