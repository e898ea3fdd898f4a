"""What an e-mail looks like: the first question as links, in HTML and in plain text."""
