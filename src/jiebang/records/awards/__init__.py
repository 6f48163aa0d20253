"""What was decided and why: verdicts, proposals, decisions, objections."""
