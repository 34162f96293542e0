"""Places in a vendor's API: one record's path."""

from commerce_sync.errors import PermanentError


def numbered(path: str, record_id: str) -> str:
    """The path of one record.

    :raises PermanentError: the id is no number. Without one the path would be the whole list's, which can be deleted.
    """
    if not (record_id.isascii() and record_id.isdecimal()):
        raise PermanentError(f"a record's id is a number: {path}/")
    return f"{path}/{record_id}"
