"""The heavy computation: scoring and teaming now; assignment, matching and metrics to come."""
