"""Persons, the parties they act for, and what those parties have proved."""
