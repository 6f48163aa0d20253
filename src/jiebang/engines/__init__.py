"""The heavy computation: scoring, assignment and teaming now; matching and metrics to come."""
