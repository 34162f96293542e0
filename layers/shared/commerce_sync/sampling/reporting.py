"""What a sample comes to: its figures, and the rows of its report, which name nobody. Pure."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from commerce_sync.contracts.samples import ALIKE, Code, ComparedField, Place, SampleFigures
from commerce_sync.sampling.codes import NOT_COMPARED, UNEXPLAINED


def figures_of(
    compared: Sequence[ComparedField],
    *,
    at: datetime,
    seed: str,
    people: Mapping[str, Place | None],
    missing: Mapping[Place, str] | None = None,
) -> SampleFigures:
    """The figures. ``people`` were meant, and where each was drawn; ``missing`` places gave nobody, and why."""
    seen = {one.email for one in compared}
    codes = Counter(one.code for one in compared)
    by_field: dict[str, Counter[Code]] = {}
    for one in compared:
        by_field.setdefault(f"{one.destination} {one.field}", Counter())[one.code] += 1
    fields = sum(number for code, number in codes.items() if code not in NOT_COMPARED)
    unexplained = sum(codes[code] for code in UNEXPLAINED)
    return SampleFigures(
        run_id=run_id_of(at),
        date=at,
        seed=seed,
        contacts=len(seen),
        drawn=Counter(place for email, place in people.items() if place and email in seen),
        not_drawn=missing or {},
        left_out=len(people.keys() - seen),
        fields=fields,
        codes=_sorted(codes),
        by_field={name: _sorted(by_field[name]) for name in sorted(by_field)},
        unexplained_percent=round(100 * unexplained / fields, 2) if fields else 0.0,
    )


def rows_of(compared: Iterable[ComparedField], key: Callable[[str], str]) -> Iterable[Mapping[str, Any]]:
    """A row for each field that is not alike, without values: who by a keyed hash, and by the id that HubSpot gave."""
    for one in differing(compared):
        row = {
            "who": key(one.email),
            "contact_id": one.contact_id,
            "destination": one.destination,
            "field": one.field,
            "code": one.code,
            "words": one.words,
        }
        yield {name: value for name, value in row.items() if value}


def differing(compared: Iterable[ComparedField]) -> list[ComparedField]:
    """Those that are not alike, the unexplained ones first."""
    found = [one for one in compared if one.code not in ALIKE]
    return sorted(found, key=lambda one: one.code not in UNEXPLAINED)


def run_id_of(at: datetime) -> str:
    """A run is named by its time, so one event makes one report."""
    return at.strftime("%Y%m%dT%H%M%SZ")


def _sorted(counts: Mapping[Code, int]) -> dict[Code, int]:
    return dict(sorted(counts.items()))
