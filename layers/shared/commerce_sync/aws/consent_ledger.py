"""The consent ledger on DynamoDB: a record, its slot in the chain, the head and all that follows in one transaction.

Nothing here changes or deletes an entry, and nothing gives one an end. What is known of an address is read from its
partition each time. The condition on the head is what puts writers of one address one after the other; the condition
on the entry is what makes a repeat harmless for ever (a request token would, for ten minutes).
"""

import random
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from botocore.exceptions import ClientError

from commerce_sync.aws.clients import client
from commerce_sync.aws.consent_rows import row_put
from commerce_sync.aws.ledger_genesis import EntryHash, ensure_ledger
from commerce_sync.aws.ledger_items import clear_record, entry_values, head_put, new_put, secret_part, slot_values
from commerce_sync.aws.ledger_reading import Keys, LedgerReading, Places, Standing
from commerce_sync.aws.ledger_subjects import LedgerSubjects
from commerce_sync.aws.subject_keys import SubjectKey, SubjectKeys, subject_key_put
from commerce_sync.contracts.consent import Address, ConsentRecord
from commerce_sync.contracts.consent_book import Appended, Chain, Decide, Decided
from commerce_sync.contracts.consent_ledger import Head, with_address
from commerce_sync.errors import PermanentError, RetriableError

ATTEMPTS = 12
LONGEST_WAIT = 1.0
CHECKED_EVERY = timedelta(minutes=5)
"""How often a process looks whether the ledger and the pepper still are those that were written to."""
LOST_RACES = frozenset({"None", "ConditionalCheckFailed", "TransactionConflict"})
LOST_RACE_ERRORS = frozenset({"TransactionConflictException", "TransactionInProgressException"})
BUSY = frozenset(
    {"ProvisionedThroughputExceeded", "ThrottlingError", "ProvisionedThroughputExceededException"}
    | {"RequestLimitExceeded", "ThrottlingException", "InternalServerError"}
)


def _now() -> datetime:
    return datetime.now(UTC)


class ConsentLedger(LedgerSubjects):
    """Fits :class:`commerce_sync.consent.needs.Ledger`. ``entry_hash`` links an entry to the hash before it."""

    def __init__(
        self,
        places: Places,
        keys: Keys,
        subject_keys: SubjectKeys,
        entry_hash: EntryHash,
        *,
        now: Callable[[], datetime] = _now,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        super().__init__(places, LedgerReading(places, keys, sleep=sleep), subject_keys)
        self._keys = keys
        self._entry_hash = entry_hash
        self._now = now
        self._sleep = sleep
        self._sound_until: datetime | None = None

    def read(self, addresses: Sequence[Address]) -> Mapping[Address, Chain]:
        """The chains of these addresses, strongly consistent.

        :raises LedgerLostError: this is not the ledger that was written to, or a chain was cut short.
        """
        self.require(leave=False)
        return {address: one.chain() for address, one in self._reading.standings(addresses).items()}

    def append(self, address: Address, record: ConsentRecord, decide: Decide) -> Appended:
        """Write a record with all that it causes, or find that it is there already.

        :raises RetriableError: the chain kept changing, or a table is throttled.
        :raises LedgerLostError: this is not the ledger that was written to, or the chain was cut short.
        :raises PermanentError: the record is too large to be stored.
        """
        self.require(leave=True)
        for attempt in range(ATTEMPTS):
            if attempt:
                longest = min(0.02 * 2**attempt, LONGEST_WAIT)
                self._sleep(random.uniform(0, longest))  # noqa: S311 # jitter is no secret
            standing = self._reading.standings([address], thorough=attempt > 0)[address]
            chain = standing.chain()
            record_id = with_address(record.record_id, chain.address_key)
            if any(one.record_id == record_id for one in chain.records):
                return Appended(is_new=False, chain=chain)
            own = record.model_copy(update={"address_key": chain.address_key, "record_id": record_id})
            decided = decide(chain, own)
            appended = self._write(standing, chain, own, decided)
            if appended:
                return appended
        raise RetriableError("a consent chain kept changing while it was written")

    def address_of(self, address_key: str) -> Address | None:
        """Who an address key stands for; None where the subject was shredded, or never was.

        :raises LedgerLostError: nobody was shredded: this is not the ledger that was written to, or its keys are gone.
        """
        address = super().address_of(address_key)
        if address is None:
            self._sound_until = None
            self.require(leave=False)
        return address

    def require(self, *, leave: bool) -> None:
        """Check, once in a while, that this is the ledger that was written to. ``leave`` begins a new one.

        :raises LedgerLostError: it is not. It is checked again each time until it is.
        """
        now = self._now()
        if self._sound_until is not None and now < self._sound_until:
            return
        self._sound_until = None
        known = ensure_ledger(self._places, self._keys, self._entry_hash, self._now, leave=leave, sleep=self._sleep)
        self._sound_until = now + CHECKED_EVERY if known else None

    def _write(self, standing: Standing, chain: Chain, record: ConsentRecord, decided: Decided) -> Appended | None:
        """One transaction. None where another worker was faster, or where the subject was shredded meanwhile."""
        now = self._now()
        promises = tuple(one.owed(chain.promises.get(one.row), now) for one in decided.promises)
        key = standing.subject_key or self._subject_keys.make(standing.key, standing.address)
        written = record.model_copy(
            update={
                "decision_before": decided.before,
                "decision_after": decided.after,
                "recorded_at": record.recorded_at or now,
            }
        )
        before = standing.head
        seq, previous = (before.seq + 1, before.hash) if before else (1, "")
        sealed = self._subject_keys.seal(key, record.record_id, secret_part(standing.address, written))
        entry = entry_values(written, seq, sealed, key.key_id)
        hashed = self._entry_hash(previous, entry)
        after = Head(standing.key, seq, hashed, before.sealed if before else 0, decided.waits)
        items = [
            new_put(self._places.ledger, entry),
            new_put(self._places.ledger, slot_values(standing.key, seq, record.record_id, previous, hashed)),
            head_put(self._places.heads, before, after, now, decided.waits_since),
            self._key_put(key, standing),
            *(row_put(self._places.outbox, one) for one in promises),
        ]
        if not transact(items):
            return None
        others = [head.hash for name, head in standing.heads.items() if name != standing.key]
        grown = replace(
            chain,
            seq=chain.seq + 1,
            head="+".join([hashed, *others]),
            records=(*chain.records, clear_record(written)),
            promises={**chain.promises, **{one.row: one for one in promises}},
            waits=decided.waits,
        )
        return Appended(is_new=True, chain=grown, promises=promises)

    def _key_put(self, key: SubjectKey, standing: Standing) -> dict[str, Any]:
        return subject_key_put(self._subject_keys.table, key, is_new=standing.subject_key is None)


def transact(items: Sequence[Mapping[str, Any]]) -> bool:
    """Write all items or none. False where a condition did not hold, or where another transaction was at them.

    :raises RetriableError: a table is throttled.
    :raises PermanentError: an item can never be stored.
    """
    try:
        client("dynamodb").transact_write_items(TransactItems=list(items))
    except ClientError as error:
        code = error.response["Error"]["Code"]
        reasons = {str(one.get("Code")) for one in error.response.get("CancellationReasons", [])} or {code}
        if code in LOST_RACE_ERRORS or (code == "TransactionCanceledException" and reasons <= LOST_RACES):
            return False
        if reasons & BUSY or code in BUSY:
            raise RetriableError(f"the consent ledger is busy ({code})") from error
        if "ValidationError" in reasons:
            raise PermanentError("the consent ledger cannot store a record") from error
        raise
    return True
