"""The consent ledger on tables in process, with what tests ask of it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from commerce_sync.aws.clients import client
from commerce_sync.aws.consent_ledger import ConsentLedger
from commerce_sync.aws.ledger_reading import Places
from commerce_sync.aws.subject_keys import SubjectKeys
from commerce_sync.consent.chain import entry_hash, record_id_of
from commerce_sync.contracts.consent import Address, ConsentRecord
from commerce_sync.contracts.consent_book import Appended, Chain, ConsentPromise, Decide, Decided
from commerce_sync.identity.keys import IdentifierKeys

from local.in_process import InProcessBundle
from tests.fakes.bundle import ready_bundle

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
ANA: Address = ("email", "ana@example.com")
BOB: Address = ("sms", "+12025550123")
PEPPER = {"current": "1", "1": "pepper-for-the-ledger"}
ROTATED = {"current": "2", "1": "pepper-for-the-ledger", "2": "the-next-pepper-of-it"}


def record(number: int, **changes: Any) -> ConsentRecord:
    """The record of a sign-up or an unsubscribe at a form, with evidence that names somebody."""
    values: dict[str, Any] = {
        "record_id": record_id_of("main", "shopify", "us", str(number)),
        "address_key": "to be replaced",
        "channel": "email",
        "purpose": "marketing",
        "sender": "main",
        "action": "withdraw" if number % 2 else "grant",
        "strength": "pref_out" if number % 2 else "strong_in",
        "occurred_at": NOON + timedelta(minutes=number),
        "received_at": NOON + timedelta(minutes=number, seconds=1),
        "source": "shopify",
        "evidence": {"notice_id": "footer", "ip": f"203.0.113.{number % 250}", "text": "ana@example.com said so"},
        "source_event_id": f"customer-{number}",
        "rule_version": "test",
    }
    return ConsentRecord(**{**values, **changes})


def promising(*rows: str) -> Decide:
    """A decision that promises these rows whatever the record."""

    def decide(chain: Chain, new: ConsentRecord) -> Decided:
        return Decided(promises=tuple(promise(chain, row, new) for row in rows), before="none", after="out")

    def promise(chain: Chain, row: str, new: ConsentRecord) -> ConsentPromise:
        wanted = new.record_id[:8]
        fresh = ConsentPromise(chain.address_key, row, chain.address[0], "pending", NOON, chain.seq + 1, wanted)
        known = chain.promises.get(row)
        return replace(fresh, revision=(known.revision if known else 0) + 1)

    return decide


@dataclass
class LedgerDay:
    """A ledger, its tables, and a clock that stands until it is moved. ``calls`` are the AWS operations since asked."""

    bundle: InProcessBundle
    places: Places
    now: datetime = NOON
    slept: list[float] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)

    def ledger(self, peppers: dict[str, str] = PEPPER) -> ConsentLedger:
        """As a process that starts now has it."""
        keys = SubjectKeys(self.places.subject_keys, self.bundle.names["ConsentKey"])
        return ConsentLedger(
            self.places, IdentifierKeys(peppers), keys, entry_hash, now=lambda: self.now, sleep=self.slept.append
        )

    def fill(self, address: Address, count: int, *, start: int = 0) -> list[Appended]:
        """Append records, one after the other."""
        ledger = self.ledger()
        return [
            ledger.append(address, record(number, channel=address[0]), promising("klaviyo"))
            for number in range(start, start + count)
        ]

    def items(self, table: str) -> list[dict[str, Any]]:
        """Everything in a table."""
        found: list[dict[str, Any]] = client("dynamodb").scan(TableName=table)["Items"]
        return found

    def watch_calls(self) -> list[str]:
        """Note each call from now on."""
        self.calls.clear()

        def note(event_name: str, **_: Any) -> None:
            self.calls.append(event_name.rpartition(".")[2])

        for service in ("dynamodb", "kms", "s3"):
            client(service).meta.events.register(f"before-call.{service}", note)
        return self.calls


@contextmanager
def ledger_day() -> Iterator[LedgerDay]:
    """A fresh ledger that nobody has written to."""
    with ready_bundle() as bundle:
        names = bundle.names
        yield LedgerDay(
            bundle,
            Places(
                ledger=names["LedgerTable"],
                heads=names["HeadsTable"],
                outbox=names["ConsentOutboxTable"],
                subject_keys=names["SubjectKeysTable"],
                control=names["ControlTable"],
            ),
        )


def written(day: LedgerDay) -> list[str]:
    """The record ids in the ledger, its own first entry left out."""
    names = (item["entry"]["S"] for item in day.items(day.places.ledger))
    return sorted(name[2:] for name in names if name.startswith("E#") and name != "E#genesis")
