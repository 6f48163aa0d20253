"""What happened, in order, never changed: the journal and the private values it commits to."""
