"""Strict JSON for the one body that anybody may send: what passes here, no later reader can stumble over."""

import json
from collections.abc import Iterator
from typing import Any, Final, NoReturn

from commerce_sync.webhooks.refusals import RefusedError

MOST_EVENTS: Final = 20
DEEPEST: Final = 16
LONGEST_NUMBER: Final = 40
"""No amount and no id has more characters; a float in full has 25."""


def require_events(body: bytes) -> None:
    """Return if the body is one event (an object) or up to 20 of them (a list of objects).

    :raises RefusedError: 400 ``not_json`` (not UTF-8, a field twice, NaN, a number without measure, half a surrogate
        pair), ``too_deep``, ``not_events``, ``too_many_events``.
    """
    said = _read(body)
    events = said if isinstance(said, list) else [said]
    if not events or not all(isinstance(event, dict) for event in events):
        raise RefusedError(400, "not_events")
    if len(events) > MOST_EVENTS:
        raise RefusedError(400, "too_many_events")


def _read(body: bytes) -> object:
    try:
        said = json.loads(
            body.decode(), object_pairs_hook=_once, parse_constant=_refuse, parse_int=_short, parse_float=_short
        )
        _require_plain(said, DEEPEST)
    except RecursionError as error:
        raise RefusedError(400, "too_deep") from error
    except ValueError as error:
        raise RefusedError(400, "not_json") from error
    return said


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    said = dict(pairs)
    if len(said) != len(pairs):
        raise ValueError("a field stands twice")
    return said


def _refuse(_constant: str) -> NoReturn:
    raise ValueError("not a number")


def _short(number: str) -> str:
    """The number as it is written, without an exponent that means nothing here."""
    if len(number) > LONGEST_NUMBER or abs(float(number)) == float("inf"):
        raise ValueError("a number without measure")
    return number


def _require_plain(value: object, levels: int) -> None:
    if isinstance(value, str):
        value.encode()  # half a surrogate pair, written as an escape, is no text
        return
    if not levels:
        raise RecursionError
    for part in _parts(value):
        _require_plain(part, levels - 1)


def _parts(value: object) -> Iterator[object]:
    if isinstance(value, dict):
        yield from value
        yield from value.values()
    elif isinstance(value, list):
        yield from value
