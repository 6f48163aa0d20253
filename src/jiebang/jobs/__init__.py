"""The door for work that nobody waits for: outbox delivery and reminders."""
