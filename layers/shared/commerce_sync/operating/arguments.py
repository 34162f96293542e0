"""What a command's arguments say, or a clear word about what is wrong with them. No message repeats a value."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

Arguments = Mapping[str, Any]
LONGEST_WORDS = 200


def words(arguments: Arguments, name: str) -> str:
    """By whom, or why: short, and without addresses, because it stays in the history.

    :raises ValueError: it is no such text.
    """
    text = arguments[name]
    if not isinstance(text, str) or not text.strip() or len(text) > LONGEST_WORDS:
        raise ValueError(f"{name} is a text of at most {LONGEST_WORDS} characters")
    if "@" in text:
        raise ValueError(f"{name} stays in the history: do not write addresses there")
    return " ".join(text.split())


def flag(arguments: Arguments, name: str, *, unless_said: bool = False) -> bool:
    """Exactly true or false.

    :raises TypeError: it is anything else.
    """
    value = arguments.get(name, unless_said)
    if not isinstance(value, bool):
        raise TypeError(f"{name} is true or false, and nothing else")
    return value


def whole_number(arguments: Arguments, name: str, *, unless_said: int, most: int) -> int:
    """A number from 1 on.

    :raises ValueError: it is none.
    """
    value = arguments.get(name, unless_said)
    if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= most:
        raise ValueError(f"{name} is a whole number from 1 to {most}")
    return value


def moment(arguments: Arguments, name: str) -> datetime:
    """A time with its offset from UTC.

    :raises ValueError: it is none.
    """
    value = arguments[name]
    try:
        at = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        at = None
    if at is None or at.tzinfo is None:
        raise ValueError(f"{name} is a time with its offset, such as 2026-11-21T00:00:00Z")
    return at


def one_of(arguments: Arguments, name: str, known: Mapping[str, Any] | tuple[str, ...] | list[str]) -> str:
    """One of some names.

    :raises ValueError: it is none of them; says which there are.
    """
    value = arguments[name]
    if value not in known:
        raise ValueError(f"{name} is one of {', '.join(known)}")
    return str(value)


def texts(arguments: Arguments, name: str, *, most: int) -> list[str]:
    """A list of texts, at least one.

    :raises ValueError: it is none.
    """
    value = arguments[name]
    if not isinstance(value, list) or not 1 <= len(value) <= most or not all(isinstance(one, str) for one in value):
        raise ValueError(f"{name} is a list of 1 to {most} texts")
    return value
