"""Live sheets: tokens with which a spreadsheet reads one survey, again and again."""
