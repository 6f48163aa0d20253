"""jiebang: an open challenge programme, from a stated need to a validated application."""

import os

# Matrices here are small: more threads would wait for each other, and the order of sums would depend on the machine.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

__version__ = "0.1.0"
