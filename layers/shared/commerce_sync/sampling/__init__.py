"""Contact sampling: some people, drawn at random, compared field by field; every difference with its reason."""
