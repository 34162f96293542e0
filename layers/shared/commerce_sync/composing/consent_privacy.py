"""The consent ledger as erasure and access need it: an opt-out that stays, keys that go, what was said as it was."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from commerce_sync.aws.consent_ledger import ConsentLedger
from commerce_sync.consent.identifying import record_id_of
from commerce_sync.consent.needs import Ledger
from commerce_sync.contracts.consent import ALL, Address, ConsentRecord
from commerce_sync.contracts.consent_book import Decide
from commerce_sync.contracts.consent_ledger import of_one_address
from commerce_sync.contracts.identity_book import Identifier
from commerce_sync.contracts.privacy import Untold

SOURCE = "erasure"
STUCK = frozenset({"observed", "braked", "parked"})


@dataclass(frozen=True)
class ConsentOfPeople:
    """Fits :class:`commerce_sync.privacy.needs.Consent`."""

    ledger: ConsentLedger
    decide: Decide

    def withdraw(self, identifiers: Sequence[Identifier], at: datetime, case_id: str) -> int:
        """Write that each address wants nothing any more; a repeat finds it written."""
        return sum(_append(self.ledger, one, at, case_id, self.decide) for one in addresses_of(identifiers))

    def untold(self, identifiers: Sequence[Identifier]) -> Untold:
        """Rows that take something back: open and never read back as told, or waiting for a person or a mode."""
        chains = self.ledger.read(list(addresses_of(identifiers))).values()
        rows = [row for chain in chains for row in chain.promises.values() if row.urgent]
        waiting = {row.row for row in rows if row.status == "pending" or (row.status == "verifying" and not row.checks)}
        stuck = {f"{row.row} {row.status}: {row.reason or 'no reason'}" for row in rows if row.status in STUCK}
        return Untold(tuple(sorted(waiting)), tuple(sorted(stuck)))

    def shred(self, identifiers: Sequence[Identifier], returned: Collection[Identifier]) -> int:
        """Delete the keys. Who came back gets a new one, with the next that is written: the return itself."""
        gone = sum(self.ledger.shred(address) for address in addresses_of(identifiers))
        for address in addresses_of([one for one in identifiers if one in returned]):
            chain = self.ledger.read([address])[address]
            at = max((one.received_at for one in chain.records), default=None)
            if at is not None:
                self.ledger.append(address, _returned(address, at), self.decide)
        return gone

    def described(self, identifiers: Sequence[Identifier]) -> Sequence[Mapping[str, Any]]:
        """Every record of the addresses, with its evidence in whole."""
        kept = {"tenant", "schema_version", "address_key", "decision_before", "decision_after"}
        return [
            {"address": address[1], **record.model_dump(mode="json", exclude_none=True, exclude=kept)}
            for address in addresses_of(identifiers)
            for record in self.ledger.open(address).records
        ]


def addresses_of(identifiers: Sequence[Identifier]) -> Iterator[Address]:
    """The addresses among identifiers, each once; those that a store keeps apart (``email@own:wholesale``) too."""
    found: dict[Address, None] = {}
    for kind, value in identifiers:
        name = kind.partition("@")[0]
        if name == "email":
            found["email", value] = None
        elif name == "phone":
            found["sms", value] = None
    yield from found


def _append(ledger: Ledger, address: Address, at: datetime, case_id: str, decide: Decide) -> bool:
    record = ConsentRecord(
        record_id=of_one_address(record_id_of("main", SOURCE, case_id, address[0])),
        address_key="-",
        channel=address[0],
        purpose=ALL,
        sender=ALL,
        action="withdraw",
        strength="hard_out",
        occurred_at=at,
        received_at=at,
        source=SOURCE,
        method="erasure",
        source_event_id=case_id,
        evidence={"request": case_id},
    )
    return ledger.append(address, record, decide).is_new


def _returned(address: Address, at: datetime) -> ConsentRecord:
    return ConsentRecord(
        record_id=of_one_address(record_id_of("main", SOURCE, "returned", at.isoformat(), address[0])),
        address_key="-",
        channel=address[0],
        purpose=ALL,
        sender=ALL,
        action="info",
        strength="info",
        occurred_at=at,
        received_at=at,
        source=SOURCE,
        method="erasure",
        actor="system",
    )
