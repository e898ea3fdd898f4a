"""Numbers and days as people of a language write and read them."""
