"""What an operator does. Each command is a function over the few things it needs; the answer is plain data."""
