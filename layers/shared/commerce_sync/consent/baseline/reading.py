"""One stretch of a system's reading: pages until time runs short or the system asks us to wait.

A page is in the ledger before it is kept, and kept before the next step is sent. So a step that comes twice, or dies
half way, writes again what is there already, and leaves no gap.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Final

from commerce_sync.consent.baseline.needs import Found, Page, Spool
from commerce_sync.consent.baseline.taking import Taken
from commerce_sync.contracts.baseline import BaselineStep
from commerce_sync.errors import PermanentError, RetriableError

PAGES_TOGETHER: Final = 10
MOST_PARTS: Final = 200_000
MOST_WAITS: Final = 300
LONGEST_DELAY: Final = 900
"""The longest that SQS holds a message back, in seconds."""
DEFAULT_DELAY: Final = 30

Take = Callable[[str, Sequence[Found]], Taken]


@dataclass(frozen=True, slots=True)
class Read:
    """Where the reading stands: the step to go on with, whether the system is read whole, how long to wait (s)."""

    step: BaselineStep
    is_whole: bool = False
    delay: int = 0


@dataclass
class Reader:
    """Reads a system in one invocation. ``been`` are the cursors that it has followed."""

    page: Page
    take: Take
    spool: Spool
    has_time: Callable[[], bool]
    been: set[str | None] = field(default_factory=set)

    def read_on(self, step: BaselineStep) -> Read:
        """Read from a step's cursor. At least one page is read.

        :raises RetriableError: the system has let us wait too often.
        :raises PermanentError: its pages lead round in a circle, or on and on.
        """
        while True:
            if step.part >= MOST_PARTS:
                raise PermanentError("the baseline was led on and on")
            read = self._stretch(step)
            if read.is_whole or read.delay or not self.has_time():
                return read
            step = read.step

    def _stretch(self, step: BaselineStep) -> Read:
        """A few pages, kept as one part. What was read before the system asked to wait is kept as well."""
        whole, cursor, pages = Taken(), step.cursor, 0
        is_whole, pause = False, None
        while not is_whole and pages < PAGES_TOGETHER and (not pages or self.has_time()):
            try:
                found, following = self.page(cursor)
            except RetriableError as error:
                pause = error
                break
            whole.add(self.take(step.system, found))
            pages += 1
            cursor, is_whole = self._followed(cursor, following), following is None
        if not pages:
            return _held_back(step, step, pause)
        after = _after(step, cursor, whole)
        self._keep(step, _name(step, after), whole)
        return Read(after, is_whole) if pause is None else _held_back(step, after, pause)

    def _followed(self, cursor: str | None, following: str | None) -> str | None:
        self.been.add(cursor)
        if following is not None and following in self.been:
            raise PermanentError("the baseline was led round in a circle")
        return following

    def _keep(self, step: BaselineStep, name: str, taken: Taken) -> None:
        self.spool.keep_seen(step.run_id, step.system, name, taken.seen)
        if taken.undated:
            self.spool.keep_undated(step.run_id, f"{step.system}-{name}", sorted(set(taken.undated)))


def _held_back(before: BaselineStep, after: BaselineStep, pause: RetriableError | None) -> Read:
    """Later; a system that always asks to wait is looked at by a person at last."""
    if pause is None:
        raise ValueError("no page was read, and nothing stood in the way")
    if after == before and before.waits >= MOST_WAITS:
        raise pause
    delay = DEFAULT_DELAY if pause.retry_after is None else int(pause.retry_after) + 1
    return Read(after.model_copy(update={"waits": after.waits + 1}), delay=min(delay, LONGEST_DELAY))


def _after(step: BaselineStep, cursor: str | None, taken: Taken) -> BaselineStep:
    figures = Counter(step.figures) + taken.figures
    return step.model_copy(update={"cursor": cursor, "part": step.part + 1, "waits": 0, "figures": dict(figures)})


def _name(before: BaselineStep, after: BaselineStep) -> str:
    ends = f"{before.cursor or ''}\x1f{after.cursor or ''}"
    return f"{before.part:06d}-{sha256(ends.encode()).hexdigest()[:16]}"
