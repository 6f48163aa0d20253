"""The heavy computation: scoring now; assignment, teaming, matching and metrics to come."""
