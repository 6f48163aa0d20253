"""A programme as data: rulebook text -> one frozen Rulebook."""
