"""Why what stands at a destination is, or is not, what the owner of a field has: one code, always. Pure.

A code says what can be known of both sides, of what was confirmed last and of what is on its way, and no more.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from commerce_sync.contracts.samples import Code

Owner = Literal["says", "silent", "unreadable", "unasked", "nobody", "unselected"]
"""``says``: a value, or that it shall be cleared. ``silent``: none, and that clears nothing. ``unreadable``: a text
that is no value of the field. ``unasked``: could not be read, or must wait. ``nobody``: HubSpot has no such contact.
``unselected``: by rule nothing of the contact goes to Klaviyo.
"""
MEANINGS: Final[Mapping[Code, str]] = {
    "equal": "what the map makes of its owner's value stands at the destination",
    "no_value_at_either": "its owner has none, and none stands there",
    "kept_by_rule": "a rule keeps what stands there: it is sent once, its line clears nothing, what was never told is "
    "never cleared, a phone number gives way, a lifecycle stage goes only forward",
    "not_selected": "the contact may have no profile at Klaviyo: no buyer, on no selected list, not known there",
    "no_contact": "HubSpot has no contact of that address, and fields.toml makes none for it",
    "not_live": "it would differ, and the destination is not live",
    "not_read": "its owner could not be read: the words say why",
    "waiting": "it is on its way: a look is due, or what was sent is not confirmed yet",
    "parked": "the vendor refused it, in these words: mend it, then release",
    "not_told_yet": "it was never told, and no look is due: run the backfill, or wait for the change to come in",
    "changed_at_owner": "it changed at its owner lately, or nobody knows when, and no look is due yet",
    "missed": "it changed at its owner longer ago than that takes, and no look is due: nobody heard of it",
    "changed_at_destination": "what was confirmed is what its owner has, and something else stands there now",
    "unreadable": "its owner's text is no value of the field: what stands there was left as it is",
}
UNEXPLAINED: Final[frozenset[Code]] = frozenset({"changed_at_destination", "missed", "unreadable"})
"""Differences that end by themselves in no time, and that no rule wants."""
NOT_COMPARED: Final[frozenset[Code]] = frozenset({"no_value_at_either", "not_selected", "no_contact"})
"""Where there is nothing to compare, or nobody to compare with."""


@dataclass(frozen=True, slots=True)
class Facts:
    """All that is known of one field of one person at one destination, in normal forms; None is no value.

    ``told`` was confirmed last, if it ``was_told``; ``doubted``: something was sent since, and what became of it is not
    known, or it was ``refused``. ``is_due``: a look at its owner is. ``was_moved``: somebody told the address while it
    was compared. ``is_settled``: its owner's record has not changed for as long as hearing of it takes. ``has_record``:
    the destination knows the address; ``creates``: a telling would create it. ``is_phone``, ``is_once``: its line says
    so. ``beside`` is what stands where a phone number gives way to; ``goes_back``: a stage that would go back.
    """

    owner: Owner
    made: str | None = None
    told: str | None = None
    was_told: bool = False
    there: str | None = None
    doubted: bool = False
    refused: bool = False
    is_due: bool = False
    was_moved: bool = False
    is_settled: bool = False
    is_live: bool = True
    has_record: bool = True
    creates: bool = True
    is_phone: bool = False
    beside: str | None = None
    is_once: bool = False
    goes_back: bool = False

    @property
    def is_confirmed(self) -> bool:
        """Whether what its owner has was told, and confirmed."""
        return self.was_told and self.told == self.made


def code_of(facts: Facts) -> Code:
    """The one reason."""
    match facts.owner:
        case "nobody":
            return "no_contact"
        case "unselected":
            return "not_selected"
        case "unreadable":
            return "unreadable"
        case "unasked":
            return _of_unasked(facts)
        case "silent":
            return _of_silent(facts)
        case "says":
            return _of_said(facts)


def _of_unasked(facts: Facts) -> Code:
    if facts.doubted:
        return _of_doubted(facts)
    return "waiting" if facts.is_due or facts.was_moved else "not_read"


def _of_said(facts: Facts) -> Code:
    if facts.made == facts.there:
        return "no_value_at_either" if facts.made is None else "equal"
    if not facts.has_record and not facts.creates:
        return "no_contact"
    if _is_kept(facts):
        return "kept_by_rule"
    if facts.doubted:
        return _of_doubted(facts)
    return _of_news(facts) if facts.was_moved or not facts.is_confirmed else "changed_at_destination"


def _of_doubted(facts: Facts) -> Code:
    return "parked" if facts.refused else "waiting"


def _of_news(facts: Facts) -> Code:
    """What its owner has is not what was confirmed, or is being told just now."""
    if facts.is_due or facts.was_moved:
        return "waiting"
    if not facts.is_live:
        return "not_live"
    if not facts.was_told:
        return "not_told_yet"
    return "missed" if facts.is_settled else "changed_at_owner"


def _of_silent(facts: Facts) -> Code:
    """Its owner has none, and that clears nothing: what was told shall stay."""
    if facts.there is None and facts.told is None and not facts.doubted:
        return "no_value_at_either"
    if not facts.has_record and not facts.creates:
        return "no_contact"
    if facts.doubted:
        return _of_doubted(facts)
    if facts.told is None or facts.there == facts.told or (facts.is_phone and facts.beside == facts.told):
        return "kept_by_rule"
    return "waiting" if facts.was_moved else "changed_at_destination"


def _is_kept(facts: Facts) -> bool:
    """Whether a rule keeps what stands there, though its owner says otherwise."""
    gives_way = facts.is_phone and facts.beside == facts.made
    is_never_cleared = facts.made is None and not (facts.was_told or facts.doubted)
    was_sent = facts.is_once and facts.told is not None
    return gives_way or is_never_cleared or was_sent or facts.goes_back
