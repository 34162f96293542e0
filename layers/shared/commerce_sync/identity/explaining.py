"""What an operator is told about people: who they are, who said so, since when, and what keeps others apart."""

from collections.abc import Collection
from typing import Any

from commerce_sync.contracts.identity_book import Change, Identifier, Link, Neighbourhood, Side, identifier_of, text_of
from commerce_sync.identity.conflicts import CONFLICTS, Conflict
from commerce_sync.identity.folding import fold
from commerce_sync.identity.policy import Policy


def explained(neighbourhood: Neighbourhood, about: Collection[Identifier], policy: Policy) -> list[dict[str, Any]]:
    """The profiles of a neighbourhood that hold some of these identifiers."""
    members = {identifier_of(text): profile for text, profile in neighbourhood.members.items()}
    partition = fold(members, neighbourhood.links, neighbourhood.separations, policy, neighbourhood.wide)
    chosen = dict.fromkeys(members[one] for one in about if one in members)
    return [_profile(profile_id, neighbourhood, partition.conflicts) for profile_id in chosen]


def told(change: Change) -> dict[str, Any]:
    """A change as an operator reads it. Its id is what ``unmerge`` wants."""
    return {
        "change_id": change.change_id,
        "kind": change.kind,
        "at": change.at.isoformat(),
        "by": change.by,
        "why": change.why,
        "linked": [[text_of(end) for end in pair] for pair in change.links],
        "before": [_side(side) for side in change.before],
        "after": [_side(side) for side in change.after],
    }


def _profile(profile_id: str, neighbourhood: Neighbourhood, conflicts: Collection[Conflict]) -> dict[str, Any]:
    own = {identifier_of(text) for text, profile in neighbourhood.members.items() if profile == profile_id}
    links = [link for link in neighbourhood.links if {link.center, link.other} & own]
    return {
        "profile_id": profile_id,
        "identifiers": sorted(map(text_of, own)),
        "links": [_link(link) for link in links],
        "conflicts": [_conflict(one) for one in conflicts if set(one.identifiers) & own],
        "separations": [
            {"at": one.at.isoformat(), "groups": [[text_of(each) for each in group] for group in one.groups]}
            for one in neighbourhood.separations
            if any(set(group) & own for group in one.groups)
        ],
        "history": [told(change) for change in neighbourhood.history if _concerns(change, profile_id, own)],
    }


def _link(link: Link) -> dict[str, Any]:
    ends = [text_of(link.center), text_of(link.other)]
    return {"identifiers": ends, "basis": link.basis, "at": link.at.isoformat(), "by": link.by}


def _conflict(conflict: Conflict) -> dict[str, Any]:
    about = [text_of(one) for one in conflict.identifiers]
    return {"code": conflict.code, "rule": CONFLICTS[conflict.code], "identifiers": about}


def _concerns(change: Change, profile_id: str, own: Collection[Identifier]) -> bool:
    sides = (*change.before, *change.after)
    return any(side.profile_id == profile_id or set(side.identifiers) & set(own) for side in sides)


def _side(side: Side) -> dict[str, Any]:
    return {"profile_id": side.profile_id, "identifiers": [text_of(one) for one in side.identifiers]}
