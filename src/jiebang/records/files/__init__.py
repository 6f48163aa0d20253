"""Stored files, addressed by their hash."""
