"""What a destination's next mode would write, seen in the rows that are written down only."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from commerce_sync.contracts.consent_book import ConsentPromise
from commerce_sync.contracts.consent_shown import Place, Wanted
from commerce_sync.operating.consent_needs import Ledger, Opened
from commerce_sync.operating.consent_releasing import Modes, lets_through
from commerce_sync.operating.masking import shown

EXAMPLES = 20


@dataclass
class _Seen:
    """Rows of one destination. Rows of one fingerprint say the same, so one of each is looked at."""

    observed: int = 0
    through: Counter[str] = field(default_factory=Counter)
    samples: dict[str, ConsentPromise] = field(default_factory=dict)
    first: list[ConsentPromise] = field(default_factory=list)

    def add(self, row: ConsentPromise) -> None:
        """One that the next mode lets through."""
        self.through[row.wanted] += 1
        self.samples.setdefault(row.wanted, row)
        if len(self.first) < EXAMPLES:
            self.first.append(row)


@dataclass(frozen=True)
class Outlook:
    """``ladder`` are the modes from nothing to everything; ``wanted`` is what a place shall show of somebody."""

    ledger: Ledger
    ladder: Sequence[str]
    wanted: Callable[[Place, Opened], Wanted]

    def of(
        self, places: Sequence[Place], modes: Modes, observed: Iterable[ConsentPromise], *, plainly: bool
    ) -> dict[str, Any]:
        """By destination: its mode, how much is written down only, and what the next mode would write of it."""
        following = {one.name: self._following(modes.of(one.name)) for one in places}
        seen = {one.name: _Seen() for one in places}
        for row in observed:
            if row.row in seen:
                seen[row.row].observed += 1
                if lets_through(following[row.row] or "observe", row, modes.pilot):
                    seen[row.row].add(row)
        return {
            one.name: {
                "mode": modes.of(one.name),
                "observed": seen[one.name].observed,
                "next": self._next(one, following[one.name], seen[one.name], plainly=plainly),
            }
            for one in places
        }

    def _following(self, mode: str) -> str | None:
        at = list(self.ladder).index(mode) + 1
        return self.ladder[at] if at < len(self.ladder) else None

    def _next(self, place: Place, mode: str | None, seen: _Seen, *, plainly: bool) -> Mapping[str, Any] | None:
        if mode is None:
            return None
        directions: Counter[str] = Counter()
        for wanted, number in seen.through.items():
            directions[self._direction(place, self.ledger.open(seen.samples[wanted].subject))] += number
        examples = [self._example(place, row, plainly=plainly) for row in seen.first]
        return {"mode": mode, "would_write": dict(directions), "examples": examples}

    def _example(self, place: Place, row: ConsentPromise, *, plainly: bool) -> dict[str, Any]:
        opened = self.ledger.open(row.subject)
        return {"address": shown(opened.address, plainly=plainly), "direction": self._direction(place, opened)}

    def _direction(self, place: Place, opened: Opened) -> str:
        return self.wanted(place, opened).direction if opened.records else "none"
