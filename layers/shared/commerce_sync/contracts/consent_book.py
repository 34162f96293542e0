"""What stands beside the ledger: an address's chain, and for each destination what it shall show and what it was told.

One row an address and destination. It says "bring this destination to what the ledger says", never "send this": whoever
works on it folds the ledger anew, so an old intent cannot be sent late. It is never deleted: it is also what is known
of the destination (``told``), by which echoes are recognised.

========= ==================================================================================================
pending   somebody owns it until ``due_at``, or it waits for its next try, or for the settle window to end
verifying told; to be read back at ``due_at``
settled   the destination shows what it shall, as far as was read back
observed  the destination's mode does not allow it: written down, not sent
braked    a bulk change above the brake's share: a person decides
parked    the vendor refused it for good, or nothing came of waiting: a person decides
skipped   there is nothing to tell (no such record there, or the address was erased)
========= ==================================================================================================
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal

from commerce_sync.contracts.consent import Address, Channel, ConsentRecord

RowStatus = Literal["pending", "verifying", "settled", "observed", "braked", "parked", "skipped"]
OPEN_ROWS: frozenset[RowStatus] = frozenset({"pending", "verifying"})
Waits = Literal["hold", "pending", "conflict"]
"""Why an address waits for a person."""


@dataclass(frozen=True, slots=True)
class Told:
    """What a destination was told last: a fingerprint, in which direction, when, and the grant's time where one."""

    wanted: str
    direction: Literal["in", "out", "hold", "none"]
    at: datetime
    granted_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ConsentPromise:
    """One destination of one address. ``subject`` is the address key, ``row`` the destination (``klaviyo``).

    ``wanted`` is the fingerprint of what it shall show; ``urgent``: it takes something back, so it never waits behind
    opt-ins. ``settle_at`` ends the settle window of the opt-in in it. ``checks`` counts good read-backs since it was
    told. ``seq`` is the chain's length when it was promised. ``told`` are the latest tellings, the newest last.
    ``owed_since`` is when what it shall show was written down; it outlives retries and leases.
    """

    subject: str
    row: str
    channel: Channel
    status: RowStatus
    created_at: datetime
    seq: int
    wanted: str
    urgent: bool = False
    due_at: datetime | None = None
    claim: str | None = None
    settle_at: datetime | None = None
    attempts: int = 0
    checks: int = 0
    told: tuple[Told, ...] = ()
    reason: str | None = None
    revision: int = 0
    owed_since: datetime | None = None

    def owed(self, known: "ConsentPromise | None", now: datetime) -> "ConsentPromise":
        """This row as a record writes it over ``known``: owed from now on, or for as long as it takes something back.

        An opt-out that waits already does not begin to wait anew when another one comes.
        """
        waits = known is not None and known.urgent and self.urgent and known.status == "pending"
        return replace(self, owed_since=(known.owed_since if known and waits else None) or now)


@dataclass(frozen=True, slots=True)
class Chain:
    """All that is known of one address: its records in the order of the chain, and its destinations.

    ``seq`` and ``head`` (hex) are those of the last link; 0 and ``""`` of an address never heard of.
    """

    address: Address
    address_key: str
    seq: int = 0
    head: str = ""
    records: tuple[ConsentRecord, ...] = ()
    promises: Mapping[str, ConsentPromise] = field(default_factory=dict)
    waits: Waits | None = None


@dataclass(frozen=True, slots=True)
class Decided:
    """What a new record causes: rows to put, whether the address waits for a person, and the decision for the trace."""

    promises: tuple[ConsentPromise, ...] = ()
    waits: Waits | None = None
    waits_since: datetime | None = None
    before: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class Appended:
    """What became of a record: whether it is new, the chain with it, and the rows that were written with it."""

    is_new: bool
    chain: Chain
    promises: tuple[ConsentPromise, ...] = ()


Decide = Callable[[Chain, ConsentRecord], Decided]
"""From the chain as it stands and a record that is new to it."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """One address that waits for a person."""

    address_key: str
    why: Waits
    since: datetime
