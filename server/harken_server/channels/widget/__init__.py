"""The web widget: its config, its built files and its playground page."""
