"""Numbers as they change, sent to whoever has a page or a program open."""
