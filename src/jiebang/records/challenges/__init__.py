"""Needs, their arguments, the challenges listed from them, and the question log."""
