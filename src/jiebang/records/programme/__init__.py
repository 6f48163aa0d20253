"""Rulebooks in force, calls, the instance's clock, and acknowledged requests."""
