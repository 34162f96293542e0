"""What the baseline found, as the audit of day one: figures, and a list each. By keyed hashes and vendors' record ids.

What was seen is gone through twice: once to know of each address which systems it is open or closed in and whether
several records of one system have it, in one number an address; once to write down what is worth a line. So memory
holds a number for each address, and whole lines only of conflicts and duplicates.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from commerce_sync.consent.baseline.needs import Seen

KINDS: Final = ("duplicates", "conflicts", "unsubscribes", "sms_opt_ins", "suppressions", "held", "unusable", "refused")
MOST_NAMED: Final = 50
"""Records that are named of one address and system."""
BITS: Final = 36
OPEN, CLOSED, SEVERAL, TOLD = 1, 2, 4, 8
MARKED: Final = 4
Lines = Callable[[str], Iterable[Seen]]
"""What a system shows, as often as it is asked for."""


@dataclass
class Audit:
    """The figures, and the rows of each list."""

    figures: dict[str, Any] = field(default_factory=dict)
    rows: dict[str, list[dict[str, Any]]] = field(default_factory=lambda: {kind: [] for kind in KINDS})


def audited(systems: Sequence[str], lines: Lines) -> Audit:
    """The audit of what these systems show. Lines that come twice count once."""
    audit = Audit()
    known = _numbers(systems, lines)
    conflicts: dict[str, dict[str, Any]] = {}
    duplicates: dict[tuple[str, str], dict[str, Any]] = {}
    counted: Counter[str] = Counter()
    told: set[tuple[str, str, str]] = set()
    for at, system in enumerate(systems):
        for seen in lines(system):
            _odd(audit, counted, told, system, seen)
            if not seen.key:
                continue
            number = known[seen.key]
            if _is_conflict(number, len(systems)):
                _add(conflicts.setdefault(seen.key, _row(seen)), f"{seen.shows or 'silent'}_in", system, seen.record)
            if _bits(number, at) & SEVERAL:
                duplicate = duplicates.setdefault((seen.key, system), {**_row(seen), "system": system})
                _add(duplicate, "records", None, seen.record)
            if not _bits(number, at) & TOLD:
                known[seen.key] = number | (TOLD << (at * BITS))
                _standing(audit, counted, system, seen, _bits(number, at))
    audit.rows["conflicts"] = [conflicts[key] for key in sorted(conflicts)]
    audit.rows["duplicates"] = [duplicates[key] for key in sorted(duplicates)]
    audit.figures = {
        "systems": list(systems),
        "addresses": len(known),
        **{kind: len(audit.rows[kind]) for kind in KINDS},
        **{name: counted[name] for name in sorted(counted)},
    }
    return audit


def _numbers(systems: Sequence[str], lines: Lines) -> dict[str, int]:
    """For each address a number: by system its standing there, and by which record it was seen first."""
    known: dict[str, int] = {}
    for at, system in enumerate(systems):
        for seen in lines(system):
            if not seen.key:
                continue
            number = known.get(seen.key, 0)
            bits, mark = _bits(number, at), _mark(seen.record)
            shows = {"open": OPEN, "closed": CLOSED}.get(seen.shows, 0)
            if not bits >> MARKED:
                shows |= mark << MARKED
            elif bits >> MARKED != mark:
                shows |= SEVERAL
            known[seen.key] = number | (shows << (at * BITS))
    return known


def _standing(audit: Audit, counted: Counter[str], system: str, seen: Seen, bits: int) -> None:
    """One line an address and system: closed there, or open by phone."""
    row = {**_row(seen), "system": system, "record": seen.record}
    if bits & CLOSED:
        audit.rows["unsubscribes"].append(row)
        counted[f"unsubscribes_{seen.channel}_{system}"] += 1
    elif bits & OPEN:
        counted[f"open_{seen.channel}_{system}"] += 1
        if seen.channel == "sms":
            audit.rows["sms_opt_ins"].append(row)


def _odd(audit: Audit, counted: Counter[str], told: set[tuple[str, str, str]], system: str, seen: Seen) -> None:
    """What stands out of one record, each once: suppressions, what is held, what could not be placed."""
    marks = list(seen.marks)
    if seen.shows == "held":
        marks.append("held")
    if not seen.key:
        marks.append("unusable")
    for mark in marks:
        kind, _, reason = mark.partition(":")
        name = {"suppressed": "suppressions"}.get(kind, kind)
        identity = (system, f"{seen.record} {seen.channel}", mark)
        if identity in told:
            continue
        told.add(identity)
        counted[f"{name}_{reason}" if reason else f"{name}_{system}"] += 1
        if name in audit.rows:
            reasoned = {"reason": reason} if reason else {}
            audit.rows[name].append({**_row(seen), "system": system, "record": seen.record, **reasoned})


def _is_conflict(number: int, systems: int) -> bool:
    """Open in one system and closed in another."""
    states = [_bits(number, at) for at in range(systems)]
    closed = {at for at, bits in enumerate(states) if bits & CLOSED}
    opened = {at for at, bits in enumerate(states) if bits & OPEN}
    return any(one != other for one in opened for other in closed)


def _bits(number: int, at: int) -> int:
    return (number >> (at * BITS)) & ((1 << BITS) - 1)


def _mark(record: str) -> int:
    """A number for a record, never 0. Python's own hash would differ from process to process, and need not here."""
    return (hash(record) & ((1 << (BITS - MARKED)) - 1)) or 1


def _row(seen: Seen) -> dict[str, Any]:
    return {"address": seen.key or None, "channel": seen.channel}


def _add(row: dict[str, Any], name: str, system: str | None, record: str) -> None:
    place = row.setdefault(name, {} if system else [])
    records: list[str] = place.setdefault(system, []) if isinstance(place, dict) else place
    if record not in records and len(records) < MOST_NAMED:
        records.append(record)


def rows_of(audit: Audit) -> Iterator[tuple[str, Sequence[Mapping[str, Any]]]]:
    """Every list by its name."""
    yield from audit.rows.items()
