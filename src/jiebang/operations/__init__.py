"""One module per thing a person can do: authorise, load, decide, save and journal.

Doors import `perform` and `OPERATIONS` from `jiebang.operations.registry`, which knows them all.
"""
