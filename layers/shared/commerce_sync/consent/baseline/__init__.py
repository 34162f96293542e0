"""The baseline: what every connected system knows of consent, written down before anything is told to anybody.

Systems are read whole, by their lists. What cannot be dated waits until all are read, because what it means depends on
the others; so in which order they are read changes nothing. Nobody is told, and nobody's standing changes.
"""
