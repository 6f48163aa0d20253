"""What anybody may read: the board, notices, results, projects, the programme itself."""
