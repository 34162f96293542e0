"""Whether each store's events arrive, are right, and are as many as they should be."""
