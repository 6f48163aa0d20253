"""What is to be told to whom: written with the deed, sent after it."""
