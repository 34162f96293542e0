"""What a change did to profiles: which became one, which became several, by whom and why."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
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
