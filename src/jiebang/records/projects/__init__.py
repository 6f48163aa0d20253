"""From agreement to follow-up: gates, milestones, money, validation."""
