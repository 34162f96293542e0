"""The consent ledger over its tables, the peppers and the key that wraps its subjects' keys."""

from functools import lru_cache
from typing import Protocol

from commerce_sync.aws.consent_ledger import ConsentLedger
from commerce_sync.aws.ledger_reading import Places
from commerce_sync.aws.subject_keys import SubjectKeys
from commerce_sync.composing.identity import IdentitySettings, keys_of
from commerce_sync.consent.chain import entry_hash
from commerce_sync.errors import ConfigurationError, LedgerLostError
from commerce_sync.identity.keys import IdentifierKeys

REMEMBERED = 2
"""Ledgers of a process: the one under the peppers as they are, and one for the moment at which they change."""


class LedgerPlaces(IdentitySettings, Protocol):
    """Where the ledger stands, and what its keys come from."""

    @property
    def ledger_table(self) -> str: ...  # noqa: D102
    @property
    def heads_table(self) -> str: ...  # noqa: D102
    @property
    def consent_outbox_table(self) -> str: ...  # noqa: D102
    @property
    def subject_keys_table(self) -> str: ...  # noqa: D102
    @property
    def control_table(self) -> str: ...  # noqa: D102
    @property
    def subject_key_id(self) -> str: ...  # noqa: D102


def ledger_of(settings: LedgerPlaces) -> ConsentLedger:
    """The ledger. It remembers, between invocations, subjects' keys and that it was found sound a moment ago.

    :raises LedgerLostError: the peppers are not those that identities were written under, or there are none.
    """
    try:
        keys = keys_of(settings)
    except ConfigurationError as error:
        raise LedgerLostError(f"{error}. No consent is written") from error
    places = Places(
        ledger=settings.ledger_table,
        heads=settings.heads_table,
        outbox=settings.consent_outbox_table,
        subject_keys=settings.subject_keys_table,
        control=settings.control_table,
    )
    return _ledger(places, keys, settings.subject_key_id)


@lru_cache(REMEMBERED)
def _ledger(places: Places, keys: IdentifierKeys, subject_key_id: str) -> ConsentLedger:
    return ConsentLedger(places, keys, SubjectKeys(places.subject_keys, subject_key_id), entry_hash)
