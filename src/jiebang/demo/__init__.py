"""A door that plays a sample round through the operations on a simulated clock."""
