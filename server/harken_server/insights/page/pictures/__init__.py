"""Pictures of numbers as SVG: one style for the page, for files, mails and documents."""
