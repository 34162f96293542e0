"""Records of a duplicate audit."""

from commerce_sync.duplicates.entries import Entry


def entry(
    record: str, *marks: str, has_email: bool | None = None, created: int | None = 1, opt_outs: str | None = ""
) -> Entry:
    """A record with these marks; it has an email address if one of them is one."""
    named = any(not mark.startswith("phone:") for mark in marks) if has_email is None else has_email
    return Entry(record, named, created, "", opt_outs, tuple(sorted(marks)))
