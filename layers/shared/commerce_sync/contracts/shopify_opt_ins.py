"""What a Shopify customer's ``opt_in_level`` proves. Consent topics and customers that are read share it."""

from typing import Final

PROVING: Final = frozenset({"single_opt_in", "confirmed_opt_in"})


def was_opted_in(opt_in_level: str) -> bool:
    """Whether the level says that a person opted in.

    ``unknown`` and none at all are what imports and staff leave (shopify.dev, CustomerMarketingOptInLevel).
    """
    return opt_in_level.strip().lower() in PROVING
