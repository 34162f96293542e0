"""One run of a backfill: a few pages, each on its queue before the document passes it.

A crash anywhere repeats a page at most, and what is on the queue twice is a repeat that its consumer knows. Of two runs
at a time one finds the document moved, and stops; so does one whose backfill was paused or cancelled meanwhile.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, Protocol, TypeVar

from commerce_sync.backfilling.progress import Document, advanced, hindered, paused
from commerce_sync.errors import PermanentError, RetriableError

Running = TypeVar("Running")
Ended = Literal["not running", "gave way", "done", "for now", "moved"]


class Documents(Protocol):
    """Where the run's document is kept."""

    def read(self, name: str) -> tuple[Document, int]:
        """A document and its revision."""

    def write(self, name: str, document: Document, revision: int) -> bool:
        """Write over the revision that was read; False where somebody else was faster."""


class History(Protocol):
    """What is walked."""

    @property
    def name(self) -> str:
        """Under which its document is kept."""

    def page(self, since: datetime | None, cursor: str | None) -> tuple[Sequence[Any], str | None]:
        """A page, and the next cursor; None after the last one."""

    def tell(self, found: Sequence[Any], started_at: datetime) -> None:
        """Put a page on its queue. The same page of the same run makes the same messages."""


@dataclass(frozen=True, slots=True)
class Step:
    """What a run came to: how it ended, how many records it told, and what it gave way to or was refused."""

    ended: Ended
    told: int = 0
    why: str = ""


def step(
    history: History,
    documents: Documents,
    gives_way: Callable[[], str | None],
    now: Callable[[], datetime],
    may_go_on: Callable[[], bool],
) -> Step:
    """Walk on from where the document stands, while ``may_go_on`` and nothing else needs the room.

    :param gives_way: what has to go first now, or None. Asked before each page.
    :raises PermanentError: the vendor refuses for good; the run is paused with the reason.
    """
    document, revision = documents.read(history.name)
    told = 0
    while document.get("state") == "running":
        if not may_go_on():
            return Step("for now", told)
        try:
            if why := gives_way():
                _note(documents, history.name, (document, revision), why, now())
                return Step("gave way", told, why)
            found, cursor = history.page(_moment(document["since"]), document["cursor"])
            history.tell(found, datetime.fromisoformat(document["started_at"]))
        except RetriableError as error:
            _note(documents, history.name, (document, revision), str(error), now())
            return Step("gave way", told, str(error))
        except PermanentError as error:
            documents.write(history.name, paused(document, str(error)), revision)
            raise
        document = advanced(document, len(found), cursor, now())
        if not documents.write(history.name, document, revision):
            return Step("moved", told)
        revision += 1
        told += len(found)
    return Step("done" if told or document.get("state") == "done" else "not running", told)


def in_turn(running: Sequence[Running], now: datetime) -> Sequence[Running]:
    """What is running, another one first each minute: a vendor that is away takes the time of a run from the others,
    and must not take it each time.
    """
    first = int(now.timestamp() // 60) % len(running) if running else 0
    return [*running[first:], *running[:first]]


def halt(documents: Documents, name: str, why: str) -> None:
    """Pause a running history that cannot even be begun to be read, with the reason. What somebody moved meanwhile
    stays as it is.
    """
    document, revision = documents.read(name)
    if document.get("state") == "running":
        documents.write(name, paused(document, why), revision)


def _note(documents: Documents, name: str, read: tuple[Document, int], why: str, now: datetime) -> None:
    document, revision = read
    new = hindered(document, why, now)
    if new != document:
        documents.write(name, new, revision)


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
