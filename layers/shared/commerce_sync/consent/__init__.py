"""Consent: what a set of records means, what it shall become at each destination, and how it is told. Pure rules."""

from commerce_sync.consent.folding import fold

__all__ = ["fold"]
