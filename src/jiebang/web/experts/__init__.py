"""What an expert does: declare, score, sign; argue a need."""
