"""What is known of one account's calls, or of one endpoint's: a small document that all workers share."""

from typing import Final

import msgspec

ALL: Final = "*"
"""The name under which a pause binds every tier."""
AT_ODDS: Final = 600.0
"""Seconds by which clocks may differ: one that is further ahead than that is wrong."""


class Pause(msgspec.Struct, frozen=True):
    """Nobody calls before ``until`` (seconds since 1970): the vendor said so, at ``since`` by whose clock heard it."""

    until: float
    why: str
    since: float = 0.0


class Hold(msgspec.Struct, frozen=True):
    """Little is left: until then only what takes consent back goes, or all but history."""

    until: float
    why: str
    since: float = 0.0


class State(msgspec.Struct, frozen=True):
    """``at`` is the latest clock that wrote; it never goes back.

    ``drawn`` are calls by window (``tier/seconds``) and slot, ``used`` those of ``day`` (ISO 8601, of the account).
    ``pauses`` stand under a tier's name or under that of all, ``holds`` under :func:`hold_name`.
    ``learned`` are limits that the vendor's answers name, by window, where they differ from the configured ones.
    """

    at: float = 0.0
    drawn: dict[str, dict[int, int]] = {}  # msgspec copies it
    day: str = ""
    used: int = 0
    pauses: dict[str, Pause] = {}
    holds: dict[str, Hold] = {}
    learned: dict[str, int] = {}


def read_state(text: str) -> State:
    """A stored document; an empty text, or one that cannot be read, is that of an account that nobody called yet."""
    try:
        return msgspec.json.decode(text, type=State) if text else State()
    except msgspec.DecodeError:
        return State()


def believed(state: State, now: float) -> State:
    """The state without what a clock wrote that is far ahead of ours.

    Else one clock that was wrong once would stop everybody until its time comes, opt-outs too. What was drawn by it is
    not counted: if that is too much, the vendor says so.
    """
    latest = now + AT_ODDS
    pauses = {name: one for name, one in state.pauses.items() if one.since <= latest}
    holds = {name: one for name, one in state.holds.items() if one.since <= latest}
    state = msgspec.structs.replace(state, pauses=pauses, holds=holds)
    return state if state.at <= latest else msgspec.structs.replace(state, at=now, drawn={})


def written(state: State) -> str:
    """The document as it is stored."""
    return msgspec.json.encode(state).decode()


def hold_name(tier: str, *, history_only: bool) -> str:
    """Where a hold on a tier stands: one on history alone ends by itself."""
    return f"{tier} backfill" if history_only else tier
