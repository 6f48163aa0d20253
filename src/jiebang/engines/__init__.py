"""The heavy computation: scoring and assignment now; teaming, matching and metrics to come."""
