"""The pages of those who solve: bids, consortia, projects."""
