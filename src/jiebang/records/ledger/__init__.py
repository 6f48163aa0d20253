"""Whose money a project runs on, every movement of it, and the rates between currencies."""
