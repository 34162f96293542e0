"""What a change did to profiles: which became one, which became several, by whom and why."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from commerce_sync.contracts.identity_book import Change, Identifier, Side
from commerce_sync.identity.units import Units

LONGEST_HISTORY = 100
LARGEST_HISTORY = 150_000
"""Characters, about; an item may hold 400,000 bytes."""
PER_IDENTIFIER = 40


@dataclass(frozen=True, slots=True)
class Occasion:
    """When profiles changed, who said what changed them (``shopify:us``, ``operator:ana``), and which links did."""

    at: datetime
    by: str
    why: str
    links: tuple[tuple[Identifier, Identifier], ...] = ()


def changes_of(
    before: Mapping[Identifier, str],
    after: Mapping[Identifier, str],
    occasion: Occasion,
    new_id: Callable[[], str],
) -> Iterator[Change]:
    """A history entry for each group of profiles that did not stay as it was. Growing alone is no change."""
    groups = Units({*(("before", one) for one in before.values()), *(("after", one) for one in after.values())})
    for identifier, profile_id in before.items():
        groups.join(("before", profile_id), ("after", after[identifier]))
    old, new = _sides(before), _sides(after)
    for group in groups.all():
        was = tuple(old[one] for when, one in sorted(group) if when == "before")
        now = tuple(new[one] for when, one in sorted(group) if when == "after")
        if was and (len(was) > 1 or len(now) > 1):
            yield Change(
                change_id=new_id(),
                kind=_kind(was, now),
                at=occasion.at,
                by=occasion.by,
                why=occasion.why,
                links=occasion.links,
                before=was,
                after=now,
            )


def only_about(history: Iterable[Change], whom: Collection[Identifier]) -> Iterator[Change]:
    """A history as far as it is about these: nothing is told of others, and what is only about others is left out."""
    for change in history:
        before, after = _about(change.before, whom), _about(change.after, whom)
        if before or after:
            links = tuple(pair for pair in change.links if set(pair) <= set(whom))
            yield change.model_copy(update={"before": before, "after": after, "links": links})


def together(histories: Iterable[Iterable[Change]]) -> list[Change]:
    """Several histories as one, in the order of time; what parts of one change tell is told as one."""
    changes: dict[str, Change] = {}
    for change in (one for history in histories for one in history):
        known = changes.get(change.change_id)
        changes[change.change_id] = change if known is None else _joined(known, change)
    return sorted(changes.values(), key=lambda change: change.at)


def _joined(one: Change, other: Change) -> Change:
    before, after = (*one.before, *other.before), (*one.after, *other.after)
    links = tuple(dict.fromkeys((*one.links, *other.links)))
    return one.model_copy(update={"before": _united(before), "after": _united(after), "links": links})


def _united(sides: Iterable[Side]) -> tuple[Side, ...]:
    members: dict[str, dict[Identifier, None]] = defaultdict(dict)
    for side in sides:
        members[side.profile_id] |= dict.fromkeys(side.identifiers)
    return tuple(
        Side(profile_id=profile_id, identifiers=tuple(sorted(identifiers)))
        for profile_id, identifiers in sorted(members.items())
    )


def _about(sides: Iterable[Side], whom: Collection[Identifier]) -> tuple[Side, ...]:
    left = ((side.profile_id, tuple(one for one in side.identifiers if one in whom)) for side in sides)
    return tuple(
        Side(profile_id=profile_id, identifiers=identifiers) for profile_id, identifiers in left if identifiers
    )


def shortened(history: Sequence[Change]) -> Sequence[Change]:
    """The latest changes, as many as an item has room for."""
    room, kept = LARGEST_HISTORY, 0
    for change in reversed(history):
        room -= sum(
            len(one[1]) + PER_IDENTIFIER for side in (*change.before, *change.after) for one in side.identifiers
        )
        if room < 0 or kept == LONGEST_HISTORY:
            break
        kept += 1
    return history[len(history) - kept :]


def _kind(was: Sequence[Side], now: Sequence[Side]) -> Literal["merged", "split", "regrouped"]:
    if len(was) > 1 and len(now) > 1:
        return "regrouped"
    return "merged" if len(was) > 1 else "split"


def _sides(profiles: Mapping[Identifier, str]) -> Mapping[str, Side]:
    members: dict[str, list[Identifier]] = defaultdict(list)
    for identifier, profile_id in sorted(profiles.items()):
        members[profile_id].append(identifier)
    return {
        profile_id: Side(profile_id=profile_id, identifiers=tuple(identifiers))
        for profile_id, identifiers in members.items()
    }
