"""Opt-ins that stores note: a box at the checkout, a form in the shop, a field that says no more than yes."""

from datetime import datetime

from commerce_sync.contracts.consent import Channel, ConsentStatement
from commerce_sync.intake.consents import form_of
from commerce_sync.intake.delivery import Delivery


def checkout_opt_in(
    delivery: Delivery, order_id: str, channel: Channel, address: str, at: datetime, *, country: str | None
) -> ConsentStatement:
    """The box that a buyer ticked at the checkout, dated as the order: however often it is told, it is one statement.

    Whether it is evidence depends on the notice that was shown there; without a known one it is weak.
    """
    return ConsentStatement(
        statement_id=f"order:{order_id}:{channel}",
        channel=channel,
        address=address,
        action="grant",
        strength="strong_in",
        occurred_at=at,
        method="checkout",
        form=form_of(delivery, "checkout"),
        country=(country or delivery.store.country) if channel == "email" else None,
        regions=regions_of(delivery, country),
        evidence={"order_id": order_id},
    )


def mirrored_opt_in(  # noqa: PLR0917 - a statement has as many parts as it has
    delivery: Delivery, statement_id: str, channel: Channel, address: str, method: str, country: str | None = None
) -> ConsentStatement:
    """A yes that is written somewhere, by no act of the person that can be dated: an import, a field, a default."""
    return ConsentStatement(
        statement_id=statement_id,
        channel=channel,
        address=address,
        action="grant",
        strength="weak_in",
        actor="system",
        method=method,
        country=(country or delivery.store.country) if channel == "email" else None,
        regions=regions_of(delivery, country),
    )


def regions_of(delivery: Delivery, country: str | None) -> tuple[str, ...]:
    """The countries to try for a phone number that names none: where its owner is, then the store's."""
    return tuple(dict.fromkeys(filter(None, (country, delivery.store.country))))
