"""Reading what changed at a vendor since the last time, so that nothing is lost whatever happens in between."""
