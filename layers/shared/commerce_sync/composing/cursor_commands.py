"""The commands of ``operations`` that are about polling's cursors."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from commerce_sync.aws.control import Control
from commerce_sync.errors import RetriableError
from commerce_sync.operating.arguments import flag, moment, words
from commerce_sync.operating.polled import TALLY, polled_at_a_glance
from commerce_sync.polling.cursors import Cursor
from commerce_sync.polling.resetting import reset, told
from commerce_sync.polling.showing import RUN, cursors_at_a_glance
from commerce_sync.polling.walking import CURSOR


def polling_status(control: Control, now: datetime) -> dict[str, Any]:
    """The part of ``status`` about polling: what only it found at each store, and how far each source is read."""
    return {
        "polled_stores": polled_at_a_glance(control.named(TALLY), now),
        "cursors": cursors_at_a_glance(control.named(CURSOR), control.named(RUN), now),
    }


def reset_cursor(control: Control, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """``reset_cursor``: set a source's cursor to ``through``; only say what that does unless ``dry_run`` is false.

    A look at a source that was never read says which were.

    :raises ValueError: an argument is wrong; the time is to come; opt-outs, or without ``skip`` anything, would be left
        unread.
    :raises RetriableError: polling moved the cursor meanwhile.
    """
    source, through, now = str(arguments["source"]), moment(arguments, "through"), datetime.now(UTC)
    by, reason = words(arguments, "by"), words(arguments, "reason")
    is_dry = flag({"dry_run": True} | dict(arguments), "dry_run")
    document, revision = control.read(CURSOR + source)
    if "through" not in document:
        known = sorted(name.removeprefix(CURSOR) for name, one in control.named(CURSOR) if "through" in one)
        if is_dry:
            return {"source": source, "never_read": True, "known": known, "dry_run": True}
        raise ValueError(f"unknown source; one of {', '.join(known)}")
    before = Cursor.from_document(document)
    after = reset(source, before, through, now, by=by, reason=reason)
    answer = {**told(source, before, after), "dry_run": is_dry}
    if is_dry:
        return answer
    if after.skips and not flag(arguments, "skip"):
        raise ValueError('what lies between would not be read: a dry run says what; "skip": true does it')
    if not control.write(CURSOR + source, after.cursor.to_document(), revision):
        raise RetriableError("polling moved the cursor meanwhile: look again")
    return answer
