"""Which kinds of email a vendor has, from look to look. Pure.

A kind that nobody asked for until now, or that means another purpose than it did, is *late*: what people said of it is
read from when it was missed. A kind that the account did not have at the last look is missed since then; any other one
(it was ignored, it may not have been seen at all, it meant something else) since ever.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, Self

EVER: Final = datetime(2000, 1, 1, tzinfo=UTC)
"""Before there was a HubSpot."""


@dataclass(frozen=True, slots=True)
class Late:
    """A kind to be read from ``since``, as was found at ``found_at``."""

    kind: str
    since: datetime
    found_at: datetime

    @property
    def name(self) -> str:
        """What its own cursor's name ends with: a kind that is late again is read again."""
        return f"{self.kind}@{self.found_at.isoformat()}"


@dataclass(frozen=True, slots=True)
class Kinds:
    """What was found at a look.

    ``names`` are those that are asked for, by id; ``meanings`` the purposes that each means. ``defined`` are the ids of
    all kinds that the account has; None where nobody could tell.
    """

    looked_at: datetime
    names: Mapping[str, str]
    meanings: Mapping[str, str]
    defined: frozenset[str] | None
    late: tuple[Late, ...] = ()

    def to_document(self) -> dict[str, Any]:
        """As JSON."""
        return {
            "looked_at": self.looked_at.isoformat(),
            "names": dict(self.names),
            "meanings": dict(self.meanings),
            "defined": None if self.defined is None else sorted(self.defined),
            "late": {
                one.kind: {"since": one.since.isoformat(), "found_at": one.found_at.isoformat()} for one in self.late
            },
        }

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> Self:
        """From JSON; documents of the first version knew neither meanings nor what was ignored."""
        moment, defined = datetime.fromisoformat, document.get("defined")
        late = (document.get("late") or {}).items()
        return cls(
            looked_at=moment(document["looked_at"]),
            names=document["names"],
            meanings=document.get("meanings") or {},
            defined=None if defined is None else frozenset(defined),
            late=tuple(Late(kind, moment(one["since"]), moment(one["found_at"])) for kind, one in late),
        )


def looked(before: Kinds | None, now: Kinds, finished: Collection[str]) -> Kinds:
    """What is known after a look: ``now`` with all that is late. ``finished`` are names of what was late and is read.

    At the first look nothing is late: what was before it is the baseline's business.
    """
    if before is None:
        return now
    late = {one.kind: one for one in before.late if one.kind in now.names and one.name not in finished}
    for kind in now.names:
        if (since := _missed_since(kind, before, now)) is not None:
            late[kind] = Late(kind, min(since, late[kind].since) if kind in late else since, now.looked_at)
    return Kinds(now.looked_at, now.names, now.meanings, now.defined, tuple(late.values()))


def _missed_since(kind: str, before: Kinds, now: Kinds) -> datetime | None:
    if kind in before.names:
        meant = before.meanings.get(kind)
        return None if meant in {None, now.meanings[kind]} else EVER
    is_younger = before.defined is not None and kind not in before.defined
    return before.looked_at if is_younger else EVER
