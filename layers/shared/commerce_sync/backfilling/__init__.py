"""History: everything that a system holds already, walked once, behind whatever happens now."""
