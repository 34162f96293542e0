"""What HubSpot says of consent: opt-outs of a contact by kind of email, and the dated statuses of one address.

A contact's opt-out speaks for its primary address; whether an additional one said so too, HubSpot does not tell, so
there it has no time. A subscription is a weak word (anybody may set it); a kind is a subscription type, by the name or
id under which the configuration knows it. Email is the only channel (facts: communication preferences).
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime
from typing import Final, Protocol

from commerce_sync.consent.identifying import moment_part, statement_id_of
from commerce_sync.contracts.consent import ALL, Action, Actor, ConsentStatement, Strength, Trust
from commerce_sync.contracts.shown_open import SHOWN_OPEN

EVERY_KIND: Final = "*"
SAYS_NOTHING: Final = frozenset({"", "NOT_SPECIFIED"})
Named = Callable[[str], str]
"""A kind's id as the configuration names it."""


class OptOuts(Protocol):
    """A contact's opt-outs: ids of kinds, or ``*`` for every kind, with the times that are known."""

    @property
    def contact_id(self) -> str: ...  # noqa: D102
    @property
    def email(self) -> str: ...  # noqa: D102
    @property
    def additional_emails(self) -> Sequence[str]: ...  # noqa: D102
    @property
    def opted_out(self) -> AbstractSet[str]: ...  # noqa: D102
    @property
    def since(self) -> Mapping[str, datetime]: ...  # noqa: D102


class Status(Protocol):
    """What one address said of one kind."""

    @property
    def subscription_id(self) -> str: ...  # noqa: D102
    @property
    def status(self) -> str: ...  # noqa: D102
    @property
    def at(self) -> datetime | None: ...  # noqa: D102
    @property
    def source(self) -> str: ...  # noqa: D102


def of_contact(
    contact: OptOuts, address: str, named: Named, changed_at: datetime | None = None
) -> list[ConsentStatement]:
    """What a contact's properties say of one of its addresses.

    ``changed_at`` is when the contact was, where it is polled: an opt-out whose time nobody tells is another one by
    when the contact's began, else by that. The baseline, which reads a contact once, leaves it out.
    """
    is_primary = address == contact.email
    kinds = {EVERY_KIND} if EVERY_KIND in contact.opted_out else contact.opted_out
    said = []
    for kind in sorted(kinds):
        at = contact.since.get(kind) if is_primary else None
        what = "opt_out" if is_primary else "opt_out_of_contact"
        told_apart_by = at or (changed_at and contact.since.get(kind, changed_at))
        identity = (contact.contact_id, what, kind, moment_part(told_apart_by))
        evidence = {"property": "hs_email_optout" if kind == EVERY_KIND else f"hs_email_optout_{kind}"}
        said.append(_statement(identity, address, kind, named, ("withdraw", "pref_out"), at, evidence=evidence))
    return said


def of_statuses(
    contact_id: str, address: str, statuses: Iterable[Status], changed_at: datetime | None, named: Named
) -> Iterator[ConsentStatement]:
    """What an address's statuses say, that of every kind (``*``) among them.

    An undated opt-out is dated by when its contact was changed, so that the next one is another. Where every kind was
    opted out of, the single ones follow, and are not said again.
    """
    known = list(statuses)
    out_of_all = any(one.subscription_id == EVERY_KIND and _word(one) == "UNSUBSCRIBED" for one in known)
    for status in known:
        word = _word(status)
        follows = out_of_all and status.subscription_id != EVERY_KIND
        if word in SAYS_NOTHING or follows or (word == "SUBSCRIBED" and status.subscription_id == EVERY_KIND):
            continue
        act, actor = _act(word)
        at = status.at or (changed_at if act[0] == "withdraw" else None)
        identity = (contact_id, f"status_{word.lower()}", status.subscription_id, moment_part(at))
        yield _statement(
            identity,
            address,
            status.subscription_id,
            named,
            act,
            at,
            trust="vendor" if status.at or at is None else "derived",
            actor=actor,
            evidence={"status": word, **({"status_source": status.source} if status.source else {})},
        )


def unconfirmed(opted_out: AbstractSet[str], statuses: Iterable[Status]) -> frozenset[str]:
    """The kinds that a contact opted out of by its properties and by no status of any of its addresses.

    Statuses may lag, or not be told: they say which address it was and when, and never that there was no opt-out.
    """
    confirmed = {one.subscription_id for one in statuses if _word(one) == "UNSUBSCRIBED"}
    return frozenset() if EVERY_KIND in confirmed else frozenset(opted_out) - confirmed


def shown_open(contact_id: str, name: str, address: str, seen_at: datetime, country: str) -> ConsentStatement:
    """That there is a contact of an address to whom we never said how the address stands: no word of consent (R4).

    ``name`` is the property that holds the address.
    """
    return ConsentStatement(
        statement_id=statement_id_of("contact", contact_id, SHOWN_OPEN, name, moment_part(seen_at)),
        channel="email" if name == "email" else "sms",
        address=address,
        action="info",
        strength="info",
        occurred_at=seen_at,
        actor="system",
        method=SHOWN_OPEN,
        purpose=ALL,
        country=country or None,
    )


def _act(word: str) -> tuple[tuple[Action, Strength], Actor]:
    if word == "UNSUBSCRIBED":
        return ("withdraw", "pref_out"), "subject"
    return (("grant", "weak_in") if word == "SUBSCRIBED" else ("hold", "info")), "system"


def _word(status: Status) -> str:
    return status.status.strip().upper()


def _statement(  # noqa: PLR0917 # a statement has as many parts as it has
    identity: tuple[str, ...],
    address: str,
    kind: str,
    named: Named,
    act: tuple[Action, Strength],
    at: datetime | None,
    *,
    trust: Trust = "vendor",
    actor: Actor = "subject",
    evidence: Mapping[str, str],
) -> ConsentStatement:
    return ConsentStatement(
        statement_id=statement_id_of("contact", *identity),
        channel="email",
        address=address,
        action=act[0],
        strength=act[1],
        occurred_at=at,
        occurred_trust=trust,
        actor=actor,
        method="status",
        purpose=ALL if kind == EVERY_KIND else None,
        subscription=None if kind == EVERY_KIND else named(kind),
        evidence=dict(evidence),
    )
