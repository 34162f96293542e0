"""Tells which events each store sent, and what was wrong with them."""

from collections.abc import Iterator, Mapping
from typing import Any


def how_events_stand(stores: Mapping[str, Any]) -> list[str]:
    """``events`` of ``operations status``, a line for each event that came today or yesterday."""
    lines = [
        f"  {store:18s} {name:18s} {', '.join(_figures(row))}"
        for store, told in stores.items()
        for name, row in told["events"].items()
        if row["seen"] or row["no_event"] or row["yesterday"]["seen"]
    ]
    return ["", "WERE THE STORES' EVENTS RIGHT? (of the store's own day so far)", *lines]


def _figures(row: Mapping[str, Any]) -> Iterator[str]:
    yield f"{row['seen']} seen"
    yield f"{row['valid']} valid"
    yield from (f"{number} {reason}" for reason, number in row["invalid"].items())
    yield from (f"{number} right, {note.replace('_', ' ')}" for note, number in row["notes"].items())
    yield from (f"{number} no event ({code})" for code, number in row["no_event"].items())
    if row["yesterday"]["seen"]:
        yield f"{row['yesterday']['seen']} the day before"
