"""Composing: adapters and rules joined in ways that several functions share. What one function joins stands in it."""
