"""Consortia, invitations, and bids: a small header and a content document."""
