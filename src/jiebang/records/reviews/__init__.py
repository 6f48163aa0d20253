"""Who judges what: assignments, conflicts of interest, scores, signatures."""
