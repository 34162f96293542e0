"""Who opted out in one system and is known to an account that shows nothing of it, once every system is read.

Klaviyo writes to a profile that never subscribed unless it is suppressed, and nobody may ever change that profile: so
the row of what is to be told there is written down here, to be seen and let through like any other (R4: that an account
is silent is no word of consent).
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import batched
from typing import Final

from commerce_sync.consent.baseline.needs import Addresses, Seen
from commerce_sync.consent.echoes import ACCOUNTS
from commerce_sync.consent.identifying import record_id_of
from commerce_sync.consent.needs import Ledger
from commerce_sync.contracts.consent import ALL, ConsentRecord
from commerce_sync.contracts.consent_book import Chain, Decide
from commerce_sync.contracts.consent_ledger import of_one_address, with_address
from commerce_sync.contracts.shown_open import SHOWN_OPEN

TOGETHER: Final = 500
LAST: Final = "~"
"""What these parts' names begin with: they come behind the undated opt-outs, of which is settled what they mean."""


@dataclass(frozen=True)
class Silent:
    """Writes down that an account is to be told."""

    ledger: Ledger
    addresses: Addresses
    decide: Decide

    def __call__(self, address_key: str, system: str, at: datetime) -> int:
        """One address of an account; 1 where it is to be told. What is known of it there already is left as it is."""
        address = self.addresses.address_of(address_key)
        if address is None:
            return 0
        chain = self.ledger.read([address])[address]
        record = _stands_open(system, chain, at)
        if any(one.record_id == record.record_id for one in chain.records):
            return 1
        if not self.decide(chain, record).promises:
            return 0
        self.ledger.append(address, record, self.decide)
        return 1


def silent_parts(systems: Sequence[str], lines: Callable[[str], Iterable[Seen]]) -> Iterator[tuple[str, list[str]]]:
    """Keys of addresses that another system shows closed, in parts by name; :func:`system_of` says at whom."""
    closed = {seen.key for system in systems for seen in lines(system) if seen.shows == "closed"}
    for system in sorted(ACCOUNTS.intersection(systems)):
        silent = sorted({seen.key for seen in lines(system) if not seen.shows and seen.key in closed})
        for number, keys in enumerate(batched(silent, TOGETHER, strict=False)):
            yield f"{LAST}{system}-{number:06d}", list(keys)


def system_of(part: str) -> str | None:
    """The account that a part is about; None of a part of undated opt-outs."""
    return part.removeprefix(LAST).rpartition("-")[0] if part.startswith(LAST) else None


def _stands_open(system: str, chain: Chain, at: datetime) -> ConsentRecord:
    channel, key = chain.address[0], chain.address_key
    return ConsentRecord(
        record_id=with_address(of_one_address(record_id_of("main", system, SHOWN_OPEN, "baseline", channel)), key),
        address_key=key,
        channel=channel,
        purpose=ALL,
        sender=ALL,
        action="info",
        strength="info",
        occurred_at=at,
        received_at=at,
        source=system,
        actor="system",
        method=SHOWN_OPEN,
        evidence={"found": "by the baseline, which shows an opt-out elsewhere"},
    )
