"""Reading on in a shop's list that moves: each page begins with the last row of the one before.

The API does not read behind a row, and a page is a place in a list. While the row that was read last stands at its
place, or one that belongs before it, nothing between them was passed over. Where it does not, rows went meanwhile and
others moved up: half a page is gone back, until it is found.
"""

import re
from typing import Final

from commerce_sync.errors import PermanentError

_PLACE: Final = re.compile("([0-9]{1,12}):([0-9A-Z:.@+-]{1,60})")
_OLDER: Final = re.compile("[0-9]{1,12}[.][0-9]{1,12}")
"""The number of a page, and how many rows there were."""


def place_in(cursor: str | None) -> tuple[int, str]:
    """How many rows to pass over, and the row that was read last. What an older release noted is begun anew."""
    if cursor is None or _OLDER.fullmatch(cursor):
        return 0, ""
    place = _PLACE.fullmatch(cursor)
    if place is None:
        raise PermanentError("woocommerce: that is no cursor")
    return int(place[1]), place[2]


def place_after(offset: int, size: int, total: int, *, joins: bool) -> int | None:
    """How many rows to pass over next, None at the end; ``joins`` whether the page begins where nothing was missed."""
    if not joins:
        return max(0, offset - size // 2)
    return offset + size - 1 if offset + size < total else None
