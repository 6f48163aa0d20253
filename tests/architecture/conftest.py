"""Lets these tests share `source`, the reader of the project's own files, and the tools."""

import sys
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[2] / "tools")]
