"""What the programme remembers: Django apps of models and queries, nothing else."""
