"""Currency: which rate a day has, and amounts converted at it. Pure: rates come in as values."""
