"""What is known of one account's calls, or of one endpoint's: a small document that all workers share."""

from typing import Final

import msgspec

ALL: Final = "*"
"""The name under which a pause binds every tier."""


class Pause(msgspec.Struct, frozen=True):
    """Nobody calls before ``until`` (seconds since 1970): the vendor said so."""

    until: float
    why: str


class Hold(msgspec.Struct, frozen=True):
    """Little is left: until then only what takes consent back goes, or all but history."""

    until: float
    why: str


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


def written(state: State) -> str:
    """The document as it is stored."""
    return msgspec.json.encode(state).decode()


def hold_name(tier: str, *, history_only: bool) -> str:
    """Where a hold on a tier stands: one on history alone ends by itself."""
    return f"{tier} backfill" if history_only else tier
