"""A vendor knows an address and shows no opt-out of it: no word of consent (R4), but a reason to look."""

from typing import Final

from commerce_sync.contracts.consent import ConsentRecord, ConsentStatement

SHOWN_OPEN: Final = "shown_open"
"""The method of such an ``info``. Its time is when the vendor's record last changed."""


def is_shown_open(said: ConsentStatement | ConsentRecord) -> bool:
    """Whether that is all that is said."""
    return said.action == "info" and said.method == SHOWN_OPEN
