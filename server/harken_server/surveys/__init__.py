"""Surveys: their files, questions, checks, logic, versions and publishing."""
