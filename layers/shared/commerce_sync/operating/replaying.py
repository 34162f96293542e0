"""``replay``: archived deliveries through the door again. A dry run unless told otherwise; ids make it harmless."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import batched
from typing import Any, Final

from commerce_sync.contracts import Envelope
from commerce_sync.operating.arguments import moment

ARCHIVE: Final = "archive/"
TOGETHER: Final = 50
"""Deliveries between two looks at the time that is left."""
NO_TOPIC: Final = "no topic"
TEXTS: Final = ("source", "store", "topic", "profile", "code", "begin")
ARGUMENTS: Final = frozenset({*TEXTS, "since", "until", "dry_run"})


@dataclass(frozen=True)
class Wanted:
    """Which deliveries; None takes any. ``since`` is in, ``until`` is not; ``begin`` is the first key to go on with."""

    source: str | None = None
    store: str | None = None
    topic: str | None = None
    profile: str | None = None
    code: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    begin: str = ""

    def takes(self, key: str) -> bool:
        """Whether an archive key is of the sender and the time. It says both:
        ``archive/source/store/YYYY/MM/DD/HHMMSSffffff-id.json``.
        """
        if not key.startswith(ARCHIVE) or key < self.begin:
            return False
        _, source, store, year, month, day, name = key.split("/")
        arrived = datetime.strptime(f"{year}{month}{day}{name[:12]}+0000", "%Y%m%d%H%M%S%f%z")
        return (
            self.source in {None, source}
            and self.store in {None, store}
            and (self.since is None or self.since <= arrived)
            and (self.until is None or arrived < self.until)
        )

    def takes_topic(self, topic: str) -> bool:
        """Whether a delivery's topic is the one, in any case of letters."""
        return self.topic is None or self.topic.lower() == topic.lower()

    @property
    def prefix(self) -> str:
        """Below which the deliveries of one sender lie, in the order of arrival."""
        return f"{ARCHIVE}{self.source}/{self.store}/"

    @property
    def after(self) -> str:
        """A key that no wanted one of the sender comes before, so that nobody lists what is not wanted."""
        since = f"{self.prefix}{self.since.astimezone(UTC):%Y/%m/%d/%H%M%S%f}" if self.since else ""
        return max(since, self.begin[:-1])

    @property
    def before(self) -> str | None:
        """A key that every wanted one of the sender comes before."""
        return f"{self.prefix}{self.until.astimezone(UTC):%Y/%m/%d/%H%M%S%f}" if self.until else None


def wanted_in(arguments: Mapping[str, Any]) -> Wanted:
    """What a command asks for.

    :raises ValueError: it asks for nothing in particular, or for something that there is not. A misspelt limit would
        be no limit.
    """
    if unknown := sorted(set(arguments) - ARGUMENTS):
        raise ValueError(f"there is no {', '.join(unknown)}; replay takes {', '.join(sorted(ARGUMENTS))}")
    texts = {name: arguments[name] for name in TEXTS if name in arguments}
    if wrong := [name for name, value in texts.items() if not isinstance(value, str) or not value]:
        raise ValueError(f"{', '.join(wrong)} is a text")
    times = {name: moment(arguments, name) for name in ("since", "until") if name in arguments}
    is_bounded = {"source", "store"} <= set(texts) or {"since", "until"} <= set(times)
    if not {"code", "profile"} & set(texts) and not is_bounded:
        raise ValueError(
            "say whose: source and store, profile, or code (* for everything that was set aside); "
            "or since and until, of all senders"
        )
    return Wanted(**texts, since=times.get("since"), until=times.get("until"))


def replay(
    keys: Iterable[str],
    read: Callable[[str], Envelope | None],
    send: Callable[[Sequence[Envelope]], None] | None,
    wanted: Wanted,
    may_go_on: Callable[[], bool],
) -> dict[str, Any]:
    """Send deliveries by their archive keys; only count them where there is no ``send``.

    Returns how many, by sender and topic, how many expired or were erased (each holds up no other), and with which key
    to go on where time ran short.
    """
    told: defaultdict[str, Counter[str]] = defaultdict(Counter)
    gone, following = 0, None
    for some in batched(keys, TOGETHER):
        if not may_go_on():
            following = some[0]
            break
        found = [read(key) for key in some]
        chosen = [one for one in found if one and wanted.takes_topic(one.topic)]
        if send:
            send(chosen)
        for one in chosen:
            told[f"{one.source}:{one.store}"][one.topic or NO_TOPIC] += 1
        gone += found.count(None)
    return {
        "replayed" if send else "would_replay": sum(counts.total() for counts in told.values()),
        "gone": gone,
        "deliveries": {sender: dict(sorted(counts.items())) for sender, counts in sorted(told.items())},
        "next": following,
    }


def quarantined_by_key(items: Iterable[Mapping[str, Any]], code: str) -> dict[str, list[Mapping[str, Any]]]:
    """What is still set aside by the delivery it is about, of one reason or of all (``*``).

    What went through again since, and was not set aside anew, is not among it.
    """
    found: dict[str, list[Mapping[str, Any]]] = {}
    for item in items:
        if code in ("*", item["code"]) and "replayed_at" not in item:
            found.setdefault(str(item["archive_key"]), []).append(item)
    return found
