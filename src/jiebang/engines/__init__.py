"""The heavy computation: scoring, assignment and teaming now; matching and metrics to come."""

import os

# Matrices here are small: more threads would wait for each other, and the order of sums would depend on the machine.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
