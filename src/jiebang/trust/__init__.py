"""What lets an outsider check us: canonical entries, salted commitments, the chain, receipts."""
