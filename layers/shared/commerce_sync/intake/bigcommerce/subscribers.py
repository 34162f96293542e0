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

from commerce_sync.contracts import Person
from commerce_sync.contracts.consent import ConsentStatement
from commerce_sync.intake.bigcommerce.shapes import Subscriber
from commerce_sync.intake.delivery import Delivery, Translation
from commerce_sync.intake.fields import identifier, identifier_if_any, moment_id, text, utc_text
from commerce_sync.intake.opt_ins import form_of, mirrored_opt_in
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
    subscriber = record_behind(delivery, "subscriber", Subscriber)
    address = text(subscriber.email)
    if address is None:
        raise refuse("missing_field", "subscriber.email", "an email address")
    unknown = set(subscriber.consents or ()) - _KNOWN
    statement = _statement(delivery, subscriber, address, is_new=is_new and not unknown)
    rejections = [reject("unknown_consent", "subscriber.consents", ", ".join(sorted(_KNOWN)))] if unknown else []
    if statement is None:
        rejections.append(reject("no_consent_said", "subscriber.consents", NEWSLETTER))
    return Translation(
        rejections=tuple(rejections),
        people=(Person(email=address),),
        consent=(statement,) if statement else (),
    )


def _statement(delivery: Delivery, subscriber: Subscriber, address: str, *, is_new: bool) -> ConsentStatement | None:
    if subscriber.consents is None or NEWSLETTER in subscriber.consents:
        return _opt_in(delivery, subscriber, address)
    return None if is_new else _left(subscriber, address)


def _opt_in(delivery: Delivery, subscriber: Subscriber, address: str) -> ConsentStatement:
    """Dated as the row was made. A row without a time, or that nobody made by an act of their own, is weak."""
    said = f"subscriber:{_id(subscriber)}:newsletter"
    made_at = utc_text(subscriber.date_created, "subscriber.date_created")
    by_themselves = _FORMS.get(subscriber.source or "")
    if by_themselves is None or made_at is None:
        return mirrored_opt_in(delivery, said, "email", address, "import")
    method, form = by_themselves
    order_id = identifier_if_any(subscriber.order_id, "subscriber.order_id")
    return ConsentStatement(
        statement_id=said,
        channel="email",
        address=address,
        action="grant",
        strength="strong_in",
        occurred_at=made_at,
        method=method,
        form=form_of(delivery, form),
        evidence={"subscriber_id": _id(subscriber)} | ({"order_id": order_id} if order_id else {}),
    )


def _left(subscriber: Subscriber, address: str) -> ConsentStatement:
    """A row without the newsletter that once was another: a withdrawal, or something that a person has to decide."""
    is_withdrawal = subscriber.source == "storefront" and not set(subscriber.consents or ()) - _KNOWN
    changed_at = utc_text(subscriber.date_modified, "subscriber.date_modified")
    changed = moment_id(changed_at) if changed_at else "undated"
    return ConsentStatement(
        statement_id=f"subscriber:{_id(subscriber)}:left:{changed}",
        channel="email",
        address=address,
        action="withdraw" if is_withdrawal else "hold",
        strength="pref_out" if is_withdrawal else "info",
        occurred_at=changed_at,
        method="profile_state",
        evidence={"subscriber_id": _id(subscriber), "said": "the list's row no longer holds the newsletter"},
    )


def _id(subscriber: Subscriber) -> str:
    return identifier(subscriber.id, "subscriber.id")
