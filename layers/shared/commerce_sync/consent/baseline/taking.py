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
from commerce_sync.contracts.consent_book import Chain, Decide

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
        read = [(found, self._address(system, found)) for found in page]
        speaking = {address: None for found, address in read if address and found.said}
        chains = dict(self.ledger.read(list(speaking)))
        for found, address in read:
            taken.figures["read"] += 1
            if address is None:
                taken.figures["unusable"] += 1
                taken.seen.append(Seen("", found.channel, found.record, _shows(found.said), ()))
            else:
                self._take(taken, system, found, address, chains, at)
        return taken

    def _address(self, system: str, found: Found) -> Address | None:
        address = self.normalize(system, found.channel, found.address)
        return None if address is None else (found.channel, address)

    def _take(  # noqa: PLR0917 # what is taken, of what, as it stands
        self, taken: Taken, system: str, found: Found, address: Address, chains: dict[Address, Chain], at: datetime
    ) -> None:
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
            chains[address] = self._write(chains[address], made)
            taken.figures["recorded"] += 1
            if is_undated:
                marks["undated"] = None
                taken.undated.append(chains[address].address_key)
        taken.seen.append(Seen(self.key_of(address), address[0], found.record, _shows(found.said), tuple(marks)))

    def _write(self, chain: Chain, record: ConsentRecord) -> Chain:
        """The address's chain with the record, which may have been there before."""
        if any(one.record_id == record.record_id for one in chain.records):
            return chain
        return self.ledger.append(chain.address, as_heard(record, chain), self.decide).chain


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
