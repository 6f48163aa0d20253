"""Meetings in which experts deliberate: when, on which bids, what changed there, and who saw it otherwise."""
