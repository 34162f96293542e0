"""Stateful vendor sandboxes, as strict as the vendors."""
