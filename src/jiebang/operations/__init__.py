"""One module per thing a person can do: authorise, load, decide, save and journal."""
