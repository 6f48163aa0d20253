"""Pilots at the demand side: protocol, runs, incidents, result packages, user reports, handover, cost."""
