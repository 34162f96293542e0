"""One stretch of a run: pages are read and spooled until time runs short or the vendor asks us to wait.

What is spooled is named by where its reading began and ended. So a message that comes twice, or two that run at a time,
write the same objects again or further ones that overlap, and whoever comes to the end has left no gap behind.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import sha256

from commerce_sync.contracts.duplicates import AuditStep
from commerce_sync.duplicates.entries import Entry
from commerce_sync.errors import PermanentError, RetriableError

PAGES_TOGETHER = 10
MOST_PARTS = 20_000
"""Ten million records are 10,000 parts of ten pages of a hundred; as many again for parts that were cut short."""
MOST_WAITS = 300
LONGEST_DELAY = 900
"""The longest that SQS holds a message back, in seconds."""
DEFAULT_DELAY = 30

Page = Callable[[str | None], tuple[Sequence[Entry], str | None]]
"""The entries of the page at a cursor, and the next page's cursor, if there is one."""
Keep = Callable[[str, str], None]
"""Spool lines under a name. The same name again overwrites."""


class EndlessRunError(PermanentError):
    """A run that would never end: the vendor leads us round in a circle, or on and on."""


@dataclass(frozen=True)
class _Stretch:
    lines: tuple[str, ...]
    after: AuditStep
    error: RetriableError | None


def read_on(step: AuditStep, page: Page, keep: Keep, has_time: Callable[[], bool]) -> tuple[AuditStep, int]:
    """Read from a step's cursor; returns the step to go on with, and how long it should be held back (seconds).

    At least one page is read. Where the vendor pauses or fails, what was read is kept and the rest waits; after
    ``MOST_WAITS`` pauses in a row nothing more is promised.

    :raises EndlessRunError: a page names as the next one that this message has read (``cursor_repeats``); or there are
        ``MOST_PARTS`` already (``too_many_parts``), which ends wider circles too.
    :raises RetriableError: the vendor has let us wait too often: the message must come back by itself, and then be
        looked at by a person.
    """
    seen: set[str | None] = set()
    while True:
        if step.part >= MOST_PARTS:
            raise EndlessRunError("too_many_parts")
        stretch = _read(step, page, has_time, seen)
        if stretch.lines:
            keep(_name(step, stretch.after), "\n".join(stretch.lines) + "\n")
        if stretch.error is not None:
            return _held_back(step, stretch.after, stretch.error)
        step = stretch.after
        if step.stage == "grouping" or not has_time():
            return step, 0


def _read(step: AuditStep, page: Page, has_time: Callable[[], bool], seen: set[str | None]) -> _Stretch:
    lines: list[str] = []
    cursor = step.cursor
    for position in range(PAGES_TOGETHER):
        try:
            entries, following = page(cursor)
        except RetriableError as error:
            return _Stretch(tuple(lines), _after(step, cursor) if position else step, error)
        lines += [entry.line() for entry in entries]
        if following is None:
            return _Stretch(tuple(lines), _after(step, None, "grouping"), None)
        seen.add(cursor)
        if following in seen:
            raise EndlessRunError("cursor_repeats")
        cursor = following
        if not has_time():
            break
    return _Stretch(tuple(lines), _after(step, cursor), None)


def _after(step: AuditStep, cursor: str | None, stage: str = "reading") -> AuditStep:
    return step.model_copy(update={"cursor": cursor, "stage": stage, "part": step.part + 1, "waits": 0})


def _held_back(before: AuditStep, after: AuditStep, error: RetriableError) -> tuple[AuditStep, int]:
    if after == before and before.waits >= MOST_WAITS:
        raise error
    delay = DEFAULT_DELAY if error.retry_after is None else int(error.retry_after) + 1
    return after.model_copy(update={"waits": after.waits + 1}), min(delay, LONGEST_DELAY)


def _name(before: AuditStep, after: AuditStep) -> str:
    ends = f"{before.cursor or ''}\x1f{after.cursor or ''}"
    return f"{before.part:06d}-{sha256(ends.encode()).hexdigest()[:16]}"
