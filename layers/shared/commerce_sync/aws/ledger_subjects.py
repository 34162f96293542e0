"""The ledger as a subject's own key opens it: who an address key stands for, and the evidence in whole; and erasure."""

from dataclasses import dataclass

from commerce_sync.aws.clients import client
from commerce_sync.aws.ledger_items import record_of, whole_record
from commerce_sync.aws.ledger_reading import LedgerReading, Places, entries_of, partition
from commerce_sync.aws.marshalling import from_item, to_item
from commerce_sync.aws.subject_keys import SubjectKey, SubjectKeys
from commerce_sync.contracts.consent import Address, ConsentRecord
from commerce_sync.contracts.consent_ledger import Stored, entry_name


@dataclass(frozen=True, slots=True)
class Opened:
    """A subject's records in the order of the chain. ``address`` is None where its key was shredded.

    Evidence of records from before a shredding is what is readable without it; so ``sealed`` counts those records.
    """

    address_key: str
    address: Address | None
    records: tuple[ConsentRecord, ...]
    sealed: int


class LedgerSubjects:
    """Opens, and shreds."""

    def __init__(self, places: Places, reading: LedgerReading, subject_keys: SubjectKeys) -> None:
        self._places = places
        self._reading = reading
        self._subject_keys = subject_keys

    def address_of(self, address_key: str) -> Address | None:
        """Who an address key stands for; None where the subject was shredded, or never was."""
        key = self._subject_keys.read(address_key)
        return self._subject_keys.address(key) if key else None

    def open(self, subject: Address | str) -> Opened:
        """All records of an address, or of an address key, with their evidence in whole."""
        keys = (subject,) if isinstance(subject, str) else self._reading.keys_of(subject)
        parts = [self._open(key) for key in reversed(keys)]
        standing = [one for one in parts if one.records] or parts[-1:]
        address = next((one.address for one in reversed(standing) if one.address), None)
        records = {record.record_id: record for one in standing for record in one.records}
        same = (record.model_copy(update={"address_key": standing[-1].address_key}) for record in records.values())
        return Opened(standing[-1].address_key, address, tuple(same), sum(one.sealed for one in standing))

    def evidence(self, record: ConsentRecord) -> ConsentRecord:
        """One record that was read, with its evidence in whole; as it is where its subject was shredded."""
        name = {"address_key": record.address_key, "entry": entry_name(record.record_id)}
        answer = client("dynamodb").get_item(TableName=self._places.ledger, Key=to_item(name), ConsistentRead=True)
        if "Item" not in answer:
            return record
        whole = self._whole(from_item(answer["Item"]), self._subject_keys.read(record.address_key))
        return whole or record

    def shred(self, address: Address) -> int:
        """Delete the keys of an address under every pepper; returns how many there were. A repeat finds none.

        The entries stay, and say what they said: that somebody, unnamed, opted in or out. Records that are written
        later stand under a new key.
        """
        return sum(self._subject_keys.shred(key) for key in self._reading.keys_of(address))

    def _open(self, address_key: str) -> Opened:
        key = self._subject_keys.read(address_key)
        records, sealed = [], 0
        for one in entries_of(list(partition(self._places.ledger, address_key))):
            whole = self._whole(one, key)
            records.append(whole or record_of(one, address_key))
            sealed += whole is None
        return Opened(address_key, self._subject_keys.address(key) if key else None, tuple(records), sealed)

    def _whole(self, stored: Stored, key: SubjectKey | None) -> ConsentRecord | None:
        """A record with its sealed part; None where that was sealed under a key that is no more."""
        if key is None or stored["key_id"] != key.key_id:
            return None
        record = record_of(stored, stored["address_key"])
        return whole_record(record, self._subject_keys.open(key, record.record_id, stored["sealed"]))
