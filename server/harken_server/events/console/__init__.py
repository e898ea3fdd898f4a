"""The page of one person: what was asked, answered and done."""
