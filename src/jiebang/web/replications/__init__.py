"""The copies of a validated result: their pages for who owns or carries them, and what is shown of them elsewhere."""
