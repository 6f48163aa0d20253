"""Behind measured values: their evidence, who tests independently, and values in dispute."""
