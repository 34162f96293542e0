"""Places in a vendor's API: one record's path, and the pages of a list that may shrink while it is read."""

from commerce_sync.errors import PermanentError


def numbered(path: str, record_id: str) -> str:
    """The path of one record.

    :raises PermanentError: the id is no number. Without one the path would be the whole list's, which can be deleted.
    """
    if not (record_id.isascii() and record_id.isdecimal()):
        raise PermanentError(f"a record's id is a number: {path}/")
    return f"{path}/{record_id}"


def page_in(cursor: str | None, vendor: str) -> tuple[int, int]:
    """The page to read, from 1, and how many rows there were in all when the one before it was read."""
    if cursor is None:
        return 1, 0
    number, _, total = cursor.partition(".")
    try:
        return max(1, int(number)), int(total)
    except ValueError:
        raise PermanentError(f"{vendor}: that is no cursor") from None


def page_after(number: int, total_before: int, total: int, *, has_more: bool) -> str | None:
    """The cursor of the page to read next, None after the last.

    A row that is deleted meanwhile moves others to an earlier page: where the total has shrunk, the page before is read
    again.
    """
    if total < total_before and number > 1:
        return f"{number - 1}.{total}"
    return f"{number + 1}.{total}" if has_more else None
