"""``plan``: what telling somebody, or everybody, would change, field by field. Pure; nothing is written.

Addresses are masked, as masked values they are in fields too. Other values are shown as they are: an operator asks for
them by name, and answers are not logged.
"""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from commerce_sync.contracts.advanced import Destination
from commerce_sync.contracts.plans import PlannedWrite, Rehearsed
from commerce_sync.operating.arguments import Arguments, flag, texts, whole_number
from commerce_sync.operating.masking import masked

MOST_NAMED: Final = 100
MOST_PROFILES: Final = 100_000
USUALLY: Final = 1000
MOST_SHOWN: Final = 100
CONSENT: Final = "none"
Standing = Mapping[str, Mapping[str, object]]
"""By record, what stands at a destination in the fields that would be written; what is absent has no value."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """Whom to plan for: email addresses, HubSpot contacts, or a stretch of ``most`` of all contacts after a cursor."""

    emails: tuple[str, ...] = ()
    contacts: tuple[str, ...] = ()
    most: int = 0
    after: str | None = None


@dataclass
class Stretch:
    """What came of planning: ``people`` were looked at. Reasons of those who wait or are refused, counted.

    ``skipped`` contacts may have no profile at Klaviyo. ``standing`` is what stands where something would be written.
    ``stopped``: why it ended early; ``next`` goes on.
    """

    rehearsed: Rehearsed = field(default_factory=Rehearsed)
    people: int = 0
    waiting: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    skipped: int = 0
    standing: dict[Destination, dict[str, Mapping[str, object]]] = field(default_factory=dict)
    next: str | None = None
    stopped: str | None = None

    def take(self, page: "Stretch") -> None:
        """Go on by a page that was looked at to its end."""
        self.rehearsed.writes += page.rehearsed.writes
        for to, made in page.rehearsed.calls.items():
            self.rehearsed.calls.setdefault(to, Counter()).update(made)
        for to, found in page.standing.items():
            self.standing.setdefault(to, {}).update(found)
        self.people, self.skipped = self.people + page.people, self.skipped + page.skipped
        self.waiting, self.refused = self.waiting + page.waiting, self.refused + page.refused
        self.next = page.next


def chosen(arguments: Arguments) -> Chosen:
    """Exactly one of ``emails``, ``contacts`` and ``all``.

    :raises ValueError: it is none of them, or several.
    """
    named = [name for name in ("emails", "contacts") if name in arguments]
    everybody = flag(arguments, "all")
    if len(named) + everybody != 1:
        raise ValueError("plan takes exactly one of emails, contacts and all")
    if not everybody and arguments.keys() & {"most", "next"}:
        raise ValueError("most and next go with all")
    if named:
        values = tuple(dict.fromkeys(texts(arguments, named[0], most=MOST_NAMED)))
        return Chosen(emails=values) if named == ["emails"] else Chosen(contacts=values)
    after = arguments.get("next")
    if after is not None and (not isinstance(after, str) or not after):
        raise ValueError("next is what the answer before said")
    return Chosen(most=whole_number(arguments, "most", unless_said=USUALLY, most=MOST_PROFILES), after=after)


def report(
    stretch: Stretch, standing: Mapping[Destination, Standing], seconds: Mapping[Destination, float]
) -> dict[str, Any]:
    """The answer. ``already`` counts fields that would be sent and stand there as they are."""
    writes = stretch.rehearsed.writes
    shown = [_shown(write, standing) for write in writes[:MOST_SHOWN]]
    calls = {
        to: {f"{call.method} {call.path}": times for call, times in sorted(made.items())}
        for to, made in stretch.rehearsed.calls.items()
    }
    return {
        "people": stretch.people,
        "without_a_profile": stretch.skipped,
        "writes": Counter(write.destination for write in writes),
        "fields": _fields(writes, standing),
        "consent": CONSENT,
        "calls": calls,
        "minutes": {to: math.ceil(took / 60) for to, took in seconds.items()},
        "profiles": shown,
        "not_shown": len(writes) - len(shown),
        "waiting": stretch.waiting,
        "refused": stretch.refused,
        "next": stretch.next,
        **({"stopped": stretch.stopped} if stretch.stopped else {}),
    }


def _fields(writes: Sequence[PlannedWrite], standing: Mapping[Destination, Standing]) -> dict[str, dict[str, int]]:
    """By destination and field, how many would be filled, changed, cleared, or sent though they stand already."""
    found: dict[str, Counter[str]] = {}
    for write in writes:
        for name, old, new in _changes(write, standing):
            found.setdefault(f"{write.destination} {name}", Counter())[_kind(old, new)] += 1
    return {name: dict(found[name]) for name in sorted(found)}


def _kind(old: object, new: object) -> str:
    if old == new:
        return "already"
    if new is None:
        return "cleared"
    return "filled" if old is None else "changed"


def _changes(write: PlannedWrite, standing: Mapping[Destination, Standing]) -> Iterable[tuple[str, object, object]]:
    there = standing.get(write.destination, {}).get(write.record, {})
    return ((name, _present(there.get(name)), value) for name, value in sorted(write.values.items()))


def _present(value: object) -> object:
    """Vendors say that there is no value in two ways."""
    return None if value == "" else value


def _shown(write: PlannedWrite, standing: Mapping[Destination, Standing]) -> dict[str, Any]:
    fields = {name: {"old": _masked(old), "new": _masked(new)} for name, old, new in _changes(write, standing)}
    return {"destination": write.destination, "email": masked(write.email), "fields": fields}


def _masked(value: object) -> object:
    is_address = isinstance(value, str) and ("@" in value or value.startswith("+"))
    return masked(str(value)) if is_address else value
