"""How the consent ledger is stored, and what a verification of it finds.

One partition an address. An entry stands under ``E#<record id>`` and never changes; the slot ``SEQ#<number>`` names it
and carries the hash before it and its own, so the slots are a chain. The head, in a table of its own, repeats the last
number and hash. Hashes are over what is stored, ciphertext included, so a shredded subject's chain still verifies.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Final, Literal, NamedTuple

from commerce_sync.contracts.consent_book import Waits

Stored = Mapping[str, Any]
"""An item's attributes as plain values."""

ENTRY: Final = "E#"
SLOT: Final = "SEQ#"
CANARY: Final = "canary"
"""The partition of the ledger's own first entry, by which a lost or recreated ledger is noticed."""
GENESIS: Final = "genesis"
UNKEYED: Final = "to be keyed:"
SLOT_FIELDS: Final = frozenset({"address_key", "entry", "record_id", "prev_hash", "entry_hash", "schema_version"})


def of_one_address(draft: str) -> str:
    """A record's id that is to be told apart by its address: the ledger, which knows the keyed hash, puts that in.

    An address itself never goes into an id: all else that it is made of stands in clear beside it, so after an erasure
    a phone number would be found by trying all of them.
    """
    return f"{UNKEYED}{draft}"


def with_address(record_id: str, address_key: str) -> str:
    """The id as it is kept (hex), with the keyed hash in it where one is wanted; any other as it is."""
    if not record_id.startswith(UNKEYED):
        return record_id
    return sha256(f"{record_id.removeprefix(UNKEYED)}@{address_key}".encode()).hexdigest()


def entry_name(record_id: str) -> str:
    """The sort key of an entry."""
    return f"{ENTRY}{record_id}"


def slot_name(seq: int) -> str:
    """The sort key of a chain slot: texts that sort as the numbers do."""
    return f"{SLOT}{seq:012d}"


class Leaf(NamedTuple):
    """One chain as a checkpoint seals it: its length and its last hash."""

    address_key: str
    seq: int
    hash: str


@dataclass(frozen=True, slots=True)
class Head:
    """The end of a chain. ``sealed`` is the length that checkpoints cover, ``waits`` why it waits for a person."""

    address_key: str
    seq: int
    hash: str
    sealed: int = 0
    waits: Waits | None = None


@dataclass(frozen=True, slots=True)
class Sealed:
    """The last checkpoint: its number, its digest (hex), and how many entries all of them cover."""

    number: int = 0
    digest: str = ""
    total: int = 0


What = Literal["altered", "missing", "inserted", "swapped", "truncated", "forked"]
Place = Literal["entry", "slot", "head", "checkpoint", "control"]


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is not as it was written.

    ``seq`` is the number in the chain, or the checkpoint's. ``record_id`` is empty where nothing names it any more.

    ========= ================================================================================================
    altered   it does not have the hash that was written down for it
    missing   the chain counts it, and it is not there
    inserted  it is there, and the chain does not count it; beyond the head, the head may have been set back
    swapped   it stands in another's place
    truncated the chain ends before its head, or a checkpoint, says; ``seq`` is the first that is gone
    forked    the chain is whole, and not the one that the head or a checkpoint knows
    ========= ================================================================================================
    """

    address_key: str
    seq: int
    record_id: str
    what: What
    place: Place
