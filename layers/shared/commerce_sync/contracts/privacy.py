"""What the privacy table stores: each request, how far it has come, and the proof of what was done.

The proof names nobody: who it was about stands there as keyed hashes. Only while a request is open does it keep the
person's identifiers (``work``), because they are needed to finish after everything else has been forgotten.

======== ====================================================================
open     a worker goes on with it
waiting  something outside must change first: ``waits`` says what, by step
parked   a person decides; ``reason`` says why. A shop's erasure starts here
ready    an export lies in the archive for somebody to send
done     finished; ``steps`` is the proof, or ``reason`` says what had done it before
======== ====================================================================
"""

from dataclasses import dataclass
from typing import Literal

from pydantic import AwareDatetime

from commerce_sync.contracts.base import Contract
from commerce_sync.contracts.events import KIND_WITHIN, DueWork
from commerce_sync.contracts.identity import PrivacyKind, PrivacyRequest
from commerce_sync.contracts.identity_book import Identifier

CaseState = Literal["open", "waiting", "parked", "ready", "done"]


class StepDone(Contract):
    """One step of the proof: what was done, when, to how many. ``by_hand`` names the operator who did it."""

    step: str
    at: AwareDatetime
    counts: dict[str, int] = {}
    by_hand: str | None = None


class Work(Contract):
    """What an open request still needs. ``named`` is what the request named, ``identifiers`` all that belong to it.

    ``orders`` are order-book subjects that the request named. ``marked_at`` is the instant of the erasure: what is
    older is erased, what is newer is a person who came back. ``cursor`` and ``counts`` are of the ``step`` in progress.
    ``failures`` counts by step how often it failed for a reason that nobody foresaw; ``asked`` says when a vendor was
    last asked to delete a record (``hubspot:501``).
    """

    named: tuple[Identifier, ...] = ()
    identifiers: tuple[Identifier, ...] = ()
    orders: tuple[str, ...] = ()
    marked_at: AwareDatetime | None = None
    step: str = ""
    cursor: str = ""
    counts: dict[str, int] = {}
    failures: dict[str, int] = {}
    asked: dict[str, AwareDatetime] = {}


@dataclass(frozen=True, slots=True)
class Untold:
    """Destinations that were not told of a person's opt-out: those that still will be, and those that a person decides.

    ``stuck`` say why: ``shopify:us parked: shopify 400``.
    """

    waiting: tuple[str, ...] = ()
    stuck: tuple[str, ...] = ()


class PrivacyCase(Contract):
    """One privacy request as it stands. ``revision`` counts its changes; 0 was never written.

    ``about`` are the keyed hashes of the identifiers. ``deadline`` is a default that counsel may edit.
    ``ask_by_hand`` names stores that hold the person's records and that nobody has asked. ``not_told`` names
    destinations that nobody told of the opt-out, and why. ``result`` is the key of an export.
    """

    case_id: str
    kind: PrivacyKind
    source: str
    store: str
    requested_at: AwareDatetime
    received_at: AwareDatetime
    deadline: AwareDatetime
    state: CaseState = "open"
    by: str = ""
    why: str = ""
    about: tuple[str, ...] = ()
    steps: tuple[StepDone, ...] = ()
    waits: dict[str, str] = {}
    reason: str | None = None
    confirmed_by: str | None = None
    confirmed_at: AwareDatetime | None = None
    finished_at: AwareDatetime | None = None
    ask_by_hand: tuple[str, ...] = ()
    not_told: tuple[str, ...] = ()
    stays: tuple[str, ...] = ()
    result: str | None = None
    work: Work | None = None
    revision: int = 0

    @property
    def is_closed(self) -> bool:
        """Whether nothing is left to do here."""
        return self.state in {"ready", "done"}

    def has_done(self, step: str) -> bool:
        """Whether a step stands in the proof."""
        return any(one.step == step for one in self.steps)


def parse_privacy_message(body: str) -> PrivacyRequest | DueWork:
    """Read one message of the privacy queue, whichever kind it is. Errors as :meth:`Message.parse` names them."""
    return DueWork.parse(body) if '"kind":"due"' in body[:KIND_WITHIN] else PrivacyRequest.parse(body)
