"""The office at work: lists, one page a case, one page an act, the journal, health."""
