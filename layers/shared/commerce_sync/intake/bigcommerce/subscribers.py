"""The newsletter's list: who signed up in the shop, at the checkout, or was put there.

A row says what stands now and not what happened, so each of its states is read as the least that it can mean. On the
list with the newsletter among its consents: an opt-in, dated as the row was *made* and never as it was changed, for a
change of a name must not outdo an opt-out of another system. Without the newsletter: "the user has unsubscribed or
did not enable the newsletter checkbox during checkout" (the vendor's words). A row that was just made means the second.
One that was changed means the first where it came from the shop's own form, which nobody fills in without subscribing;
where it came from a checkout or an API it could be either, and nobody is written to until a person has decided.
"""

from types import MappingProxyType
from typing import Final

from msgspec import UNSET

from commerce_sync.contracts.consent import ConsentStatement
from commerce_sync.intake.bigcommerce.shapes import NOTICE, Subscriber
from commerce_sync.intake.bodies import decode
from commerce_sync.intake.consents import evidence_of, form_of, moment_in_utc, moment_part, received, seconds_in
from commerce_sync.intake.delivery import Delivery, Translation
from commerce_sync.intake.fields import identifier
from commerce_sync.intake.opt_ins import mirrored_opt_in
from commerce_sync.intake.people import address_in, id_in
from commerce_sync.intake.records import record_behind
from commerce_sync.intake.rejections import refuse, reject

NEWSLETTER: Final = "marketing_newsletter"
_KNOWN: Final = frozenset({NEWSLETTER, "abandoned_cart"})
_FORMS: Final = MappingProxyType({"storefront": ("form", "newsletter"), "order": ("checkout", "checkout")})
"""How somebody came on the list by themselves: the method, and the form whose notice counts."""


def created(delivery: Delivery) -> Translation:
    """store/subscriber/created."""
    return _translated(delivery, is_new=True)


def updated(delivery: Delivery) -> Translation:
    """store/subscriber/updated."""
    return _translated(delivery, is_new=False)


def _translated(delivery: Delivery, *, is_new: bool) -> Translation:
    row = record_behind(delivery, "subscriber", Subscriber)
    address = address_in(row.email)
    if address is None:
        raise refuse("address_not_usable", "subscriber.email", "an email address")
    is_understood = row.consents is UNSET or _words(row) <= _KNOWN
    if row.consents is UNSET or NEWSLETTER in _words(row):
        statement = _opt_in(delivery, row, address)
    elif is_new and is_understood:
        raise refuse("consent_says_nothing", "subscriber.consents", NEWSLETTER)
    else:
        statement = _left(delivery, row, address, is_understood=is_understood)
    odd = () if is_understood else (reject("unknown_consent", "subscriber.consents", ", ".join(sorted(_KNOWN))),)
    return Translation(rejections=odd, consent=(statement,))


def _opt_in(delivery: Delivery, row: Subscriber, address: str) -> ConsentStatement:
    """Dated as the row was made. A row without a time, or that nobody made by an act of their own, is weak."""
    said = f"subscriber:{_id(row)}:newsletter"
    made_at, by_themselves = moment_in_utc(row.date_created), _FORMS.get(str(row.source))
    if by_themselves is None or made_at is None:
        return mirrored_opt_in(delivery, said, "email", address, "import")
    method, form = by_themselves
    return ConsentStatement(
        statement_id=said,
        channel="email",
        address=address,
        action="grant",
        strength="strong_in",
        occurred_at=made_at,
        method=method,
        form=form_of(delivery, form),
        country=delivery.store.country,
        evidence=evidence_of(subscriber_id=_id(row), order_id=id_in(row.order_id)),
    )


def _left(delivery: Delivery, row: Subscriber, address: str, *, is_understood: bool) -> ConsentStatement:
    """A row without the newsletter that was another before: a withdrawal, or something that a person has to decide.

    Undated it is as late as its webhook, so that the next one is another.
    """
    is_withdrawal = is_understood and row.source == "storefront"
    changed_at = moment_in_utc(row.date_modified)
    at = changed_at or seconds_in(decode(NOTICE, delivery.body).created_at) or received(delivery)
    return ConsentStatement(
        statement_id=f"subscriber:{_id(row)}:left:{moment_part(at)}",
        channel="email",
        address=address,
        action="withdraw" if is_withdrawal else "hold",
        strength="pref_out" if is_withdrawal else "info",
        occurred_at=at,
        occurred_trust="vendor" if changed_at else "derived",
        method="profile_state",
        country=delivery.store.country,
        evidence={"subscriber_id": _id(row), "said": "the list's row does not hold the newsletter any more"},
    )


def _id(row: Subscriber) -> str:
    return identifier(row.id, "subscriber.id")


def _words(row: Subscriber) -> set[str]:
    """The consents as words. What is no list is one word that nobody knows."""
    return set(map(str, row.consents)) if isinstance(row.consents, list) else {"no list"}
