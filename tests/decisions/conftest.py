"""Lets these tests share `harbour`, a small programme."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
