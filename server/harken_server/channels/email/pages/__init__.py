"""Pages behind the links of a message: stop it, choose what is asked, and what became of that."""
