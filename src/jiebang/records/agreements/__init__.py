"""What is said and signed before work begins: the aligned statement, papers, signatures, delegations."""
