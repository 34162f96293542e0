"""Consent: what sources say, what the ledger keeps, and what follows from it.

Consent belongs to an address (one email address, one phone number), never to a profile. A *statement* is what a source
said; a *record* is the dated, immutable ledger entry that is made of it; a *state* is what the set of an address's
records means for one sender at one moment (rules R1-R11 of the compliance facts).

======== ======================================================================================================
grant    the address may be written to (verified_in, strong_in, weak_in)
withdraw it may not (hard_out: STOP, complaint, legal request; pref_out: any other explicit withdrawal)
hold     nobody may write until a person decides (an unclear text, a value that is not known)
review   a person decided a hold: to OUT (a strength that is an opt-out), else back to what the other records say
correction  two people void named bulk, mirrored or system records (``evidence["voids"]``), never a person's own act
info     noted, and no consent of either kind (a bounce, a deleted profile, a default)
======== ======================================================================================================
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, ClassVar, Final, Literal

from pydantic import AwareDatetime, Field

from commerce_sync.contracts.base import Contract, Message
from commerce_sync.contracts.events import KIND_WITHIN, DueWork

Channel = Literal["email", "sms"]
Action = Literal["grant", "withdraw", "hold", "review", "correction", "info"]
Strength = Literal["hard_out", "pref_out", "verified_in", "strong_in", "weak_in", "info"]
Actor = Literal["subject", "staff", "system"]
Trust = Literal["vendor", "derived", "untrusted"]
Standing = Literal["none", "weak", "pending", "in", "out", "hold"]

ALL: Final = "*"
"""Every purpose, or every brand of the tenant."""
CLEAR: Final = frozenset(
    {
        *("voids", "approved_by", "decides", "echo_of"),
        *("notice_id", "notice_sha256", "language", "keyword_class", "bounce", "subscription"),
    }
)
"""Evidence that names nobody and that rules need: it stays readable when the rest of the evidence is shredded."""

Address = tuple[Channel, str]
"""A channel and a normalised address on it: ``("email", "ana@example.com")``, ``("sms", "+15550100")``."""


class ConsentRecord(Contract):
    """One immutable entry of the consent ledger.

    ``record_id`` is made from the source and its own event, so the same act twice is one record. ``address_key`` is a
    keyed hash. ``sender`` and ``purpose`` may be ``*``. ``occurred_at`` is the source's time of the act, or None;
    ``received_at`` is ours. ``actor`` is who acted: only what a *system* did can be voided by a correction. ``method``
    is how it was collected (``form``, ``checkout``, ``keyword``, ``import``, ...), ``country`` the jurisdiction (ISO
    3166-1 alpha-2), ``expires_rule`` names a rule by which a grant ends by itself. ``decision_before`` and
    ``decision_after`` are diagnostic: the fold is the truth.
    """

    record_id: str = Field(min_length=1)
    address_key: str = Field(min_length=1)
    channel: Channel
    purpose: str = Field(min_length=1)
    sender: str = Field(min_length=1)
    action: Action
    strength: Strength
    occurred_at: AwareDatetime | None = None
    received_at: AwareDatetime
    source: str = Field(min_length=1)
    evidence: Mapping[str, Any] = {}
    actor: Actor = "subject"
    occurred_trust: Trust = "vendor"
    method: str = ""
    country: str | None = None
    expires_rule: str = ""
    tenant: str = "main"
    source_event_id: str = ""
    delivery_id: str = ""
    recorded_at: AwareDatetime | None = None
    rule_version: str = ""
    decision_before: str = ""
    decision_after: str = ""
    schema_version: int = 1


class ConsentState(Contract):
    """What the records mean for ``sender`` at ``at``: only ``in`` may receive marketing.

    ``weak`` may receive email where the jurisdiction allows implied consent, never SMS. ``record_ids`` decided, by the
    rules of ``rule_version``. ``awaits_confirmation``: an unverified opt-in stands there and needs one. ``since`` is
    the time of the act that decided. ``opted_in_at`` and ``opted_out_at`` are the latest times that count of each kind.
    ``is_revoked``: nobody opted out for good, and yet no permission is left where there was one or an opt-out: the
    opt-in ended or was a mistake, or an opt-out is answered by an opt-in that is not confirmed. ``flags`` name what was
    odd (``clamped:<record id>``).
    """

    state: Standing
    sender: str
    at: AwareDatetime
    reason: str
    record_ids: tuple[str, ...] = ()
    rule_version: str
    awaits_confirmation: bool = False
    since: AwareDatetime | None = None
    opted_in_at: AwareDatetime | None = None
    opted_out_at: AwareDatetime | None = None
    source: str | None = None
    is_revoked: bool = False
    flags: tuple[str, ...] = ()


class DoubleOptIn(Contract):
    """Where an unverified opt-in must be confirmed: on a channel, by collection methods or countries."""

    channel: Channel
    methods: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()


class ConsentRules(Contract):
    """The numbers of the rules. ``consent/rules.toml`` holds the shipped default, for counsel to edit.

    ``skew`` is what an opt-in must be later by than an opt-out of another clock; ``future_tolerance`` what a time may
    lie after its receipt. ``expiry`` gives the life of a grant by its ``expires_rule``. ``brake_share`` of the base may
    be changed in an hour by what no person did, at least ``brake_minimum`` addresses.
    """

    version: str = Field(min_length=1)
    skew: timedelta = Field(ge=timedelta(0))
    future_tolerance: timedelta = Field(ge=timedelta(0))
    stop_covers_all_senders: bool
    double_opt_in: tuple[DoubleOptIn, ...]
    expiry: dict[str, timedelta]
    approvals: int = Field(ge=2)
    settle: timedelta = Field(ge=timedelta(0))
    brake_share: float = Field(gt=0, le=1)
    brake_minimum: int = Field(ge=1)


class ConsentStatement(Contract):
    """What a source said of one address, before it is a record. ``address`` is as written until it is normalised.

    ``statement_id`` is unique within the source and store: made from the source's own event, so that a second delivery
    says it again. ``purpose`` None is the store's default; ``subscription`` is the vendor's own list or type id, which
    the configuration maps to a purpose. ``form`` names the form or checkbox whose notice is looked up. ``strength`` is
    the most that the source may claim: a checkbox without a known notice is weakened. ``regions`` are the countries to
    try for a phone number written without one, in order. ``region`` is the jurisdiction where the source says it.
    """

    statement_id: str = Field(min_length=1)
    channel: Channel
    address: str
    action: Action
    strength: Strength
    occurred_at: AwareDatetime | None = None
    occurred_trust: Trust = "vendor"
    actor: Actor = "subject"
    method: str = ""
    purpose: str | None = None
    subscription: str | None = None
    sender: str | None = None
    form: str | None = None
    notice_sha256: str | None = None
    country: str | None = None
    regions: tuple[str, ...] = ()
    expires_rule: str = ""
    evidence: dict[str, str] = {}


class ConsentMessage(Message):
    """Statements of one delivery, with normalised addresses. Travels on the opt-outs queue or the opt-ins queue."""

    VERSION: ClassVar[int] = 1

    kind: Literal["consent"] = "consent"
    envelope_id: str
    source: str
    store: str
    received_at: AwareDatetime
    statements: tuple[ConsentStatement, ...]


def parse_consent_message(body: str) -> ConsentMessage | DueWork:
    """Read one message of the consent queues, whichever kind it is. Errors as :meth:`Message.parse` names them."""
    return DueWork.parse(body) if '"kind":"due"' in body[:KIND_WITHIN] else ConsentMessage.parse(body)


TEXTS: Final = frozenset({"keyword", "free_text"})
"""Methods of a statement whose text nobody has read yet (``evidence["text"]``)."""
CUT: Final = "cut"
"""Evidence of a text that did not travel whole."""


def is_unread(statement: ConsentStatement) -> bool:
    """Whether what a statement means stands in a text that nobody has read yet."""
    return statement.action == "info" and statement.method in TEXTS


def is_opt_out(statement: ConsentStatement) -> bool:
    """Whether a statement goes ahead of everything else: it ends, holds or reviews; or it may, being unread."""
    return statement.action not in {"grant", "info"} or is_unread(statement)
