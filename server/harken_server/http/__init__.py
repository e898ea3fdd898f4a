"""Thin edge: decode, call one function, encode."""
