"""From what a page shows to records in the ledger, by which nobody is told, and to what is kept of it."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Protocol

from commerce_sync.consent.baseline.needs import Found, Seen, Shows
from commerce_sync.consent.echoes import as_heard
from commerce_sync.consent.needs import Ledger
from commerce_sync.contracts.consent import Address, Channel, ConsentRecord, ConsentStatement
from commerce_sync.contracts.consent_book import Decide

UNDATED: Final = "undated_opt_out"
"""The method of the note that an opt-out without a time leaves, until all systems are read."""
SUPPRESSING: Final = frozenset({"suppression", "bounce"})


class Refused(Protocol):
    """Why a statement became no record."""

    @property
    def reason(self) -> str: ...  # noqa: D102
    @property
    def is_settled(self) -> bool: ...  # noqa: D102


Stating = Callable[[ConsentStatement, str, datetime], ConsentRecord | Refused]
"""A statement of a system as a record, received at a time; or why it is none."""


@dataclass
class Taken:
    """What became of a page: what is kept of it, keys of addresses with undated opt-outs, and how much of what."""

    seen: list[Seen] = field(default_factory=list)
    undated: list[str] = field(default_factory=list)
    figures: Counter[str] = field(default_factory=Counter)

    def add(self, other: "Taken") -> None:
        """Together with another page."""
        self.seen += other.seen
        self.undated += other.undated
        self.figures.update(other.figures)


@dataclass(frozen=True)
class Taking:
    """Takes pages in. Taking one again writes the same records, which are there already."""

    ledger: Ledger
    decide: Decide
    stating: Stating
    normalize: Callable[[str, Channel, str], str | None]
    key_of: Callable[[Address], str]

    def __call__(self, system: str, page: Sequence[Found], at: datetime) -> Taken:
        """Write down what a page of a system says. ``at`` is when all of the run counts as received."""
        taken = Taken()
        for found in page:
            taken.figures["read"] += 1
            address = self.normalize(system, found.channel, found.address)
            if address is None:
                taken.figures["unusable"] += 1
                taken.seen.append(Seen("", found.channel, found.record, _shows(found.said), ()))
            else:
                self._take(taken, system, found, (found.channel, address), at)
        return taken

    def _take(self, taken: Taken, system: str, found: Found, address: Address, at: datetime) -> None:
        marks = dict.fromkeys(_marks(found.said))
        for statement in found.said:
            said = statement.model_copy(update={"address": address[1]})
            is_undated = _has_no_time(said)
            made = self.stating(_noted(said) if is_undated else said, system, at)
            if not isinstance(made, ConsentRecord):
                if not made.is_settled:
                    marks[f"refused:{made.reason}"] = None
                    taken.figures["refused"] += 1
                continue
            key = self._write(address, made)
            taken.figures["recorded"] += 1
            if is_undated:
                marks["undated"] = None
                taken.undated.append(key)
        taken.seen.append(Seen(self.key_of(address), address[0], found.record, _shows(found.said), tuple(marks)))

    def _write(self, address: Address, record: ConsentRecord) -> str:
        """The key under which the address stands in the ledger."""
        chain = self.ledger.read([address])[address]
        if any(one.record_id == record.record_id for one in chain.records):
            return chain.address_key
        return self.ledger.append(address, as_heard(record, chain), self.decide).chain.address_key


def _has_no_time(said: ConsentStatement) -> bool:
    """An opt-out that may be old or new. One that is hard counts whenever it was."""
    return said.action == "withdraw" and said.strength == "pref_out" and said.occurred_at is None


def _noted(said: ConsentStatement) -> ConsentStatement:
    """Noted, and of no effect until the others are read."""
    told = {"statement_id": f"{said.statement_id}:undated", "action": "info", "strength": "info", "method": UNDATED}
    return said.model_copy(update={**told, "actor": "system"})


def _shows(said: Sequence[ConsentStatement]) -> Shows:
    actions = {one.action for one in said}
    order: tuple[tuple[str, Shows], ...] = (("withdraw", "closed"), ("hold", "held"), ("grant", "open"))
    return next((shows for action, shows in order if action in actions), "")


def _marks(said: Sequence[ConsentStatement]) -> list[str]:
    named = (one.evidence.get("klaviyo_state", "").partition(" ")[0] for one in said if one.method in SUPPRESSING)
    return [f"suppressed:{reason}" for reason in named]
