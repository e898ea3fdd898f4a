"""QR codes: links that a phone reads from paper or a screen."""
