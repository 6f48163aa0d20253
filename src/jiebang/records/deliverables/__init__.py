"""Deliverables beside the result: laboratories, transfer centres, training, and what was attained of each."""
