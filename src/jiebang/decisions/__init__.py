"""What follows from facts and a rulebook. Pure: no Django, no I/O, no clock."""
