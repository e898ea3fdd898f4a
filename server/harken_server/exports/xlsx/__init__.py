"""Workbooks for Excel, LibreOffice and Sheets, written from front to back."""
