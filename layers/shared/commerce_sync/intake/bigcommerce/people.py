"""Who a BigCommerce order is about. Values stay raw: identity normalises emails, phones, countries."""

from commerce_sync.contracts import Person
from commerce_sync.intake.assembly import person_from
from commerce_sync.intake.bigcommerce.order_body import Address, Order
from commerce_sync.intake.bodies import Id
from commerce_sync.intake.fields import identifier_if_any, text

_NOBODY = Address()


def payer_of(order: Order) -> Address:
    """Who pays, or nobody."""
    return order.billing_address or _NOBODY


def buyer_of(order: Order) -> Person | None:
    """Who pays, or None where nothing identifies them. Where parcels go may be somebody else's address."""
    payer = payer_of(order)
    return person_of(
        payer.email,
        payer.phone,
        id_but_zero(order.customer_id, "order.customer_id"),
        payer.first_name,
        payer.last_name,
        payer.country_iso2,
    )


def id_but_zero(value: Id | None, path: str) -> str | None:
    """The id, or None for 0: customer 0 is a guest, product 0 is a line that is no product's."""
    said = identifier_if_any(value, path)
    return None if said == "0" else said


def person_of(  # noqa: PLR0917 - a person has as many parts as they have
    email: str | None,
    phone: str | None,
    customer_id: str | None,
    first_name: str | None,
    last_name: str | None,
    country: str | None = None,
) -> Person | None:
    """The person, or None where no email address, phone or customer's id identifies one."""
    mailing, calling = text(email), text(phone)
    if not (mailing or calling or customer_id):
        return None
    return person_from(
        {
            "email": mailing,
            "phone": calling,
            "customer_id": customer_id,
            "customer_of": None,
            "hubspot_contact_id": None,
            "first_name": text(first_name),
            "last_name": text(last_name),
            "country": text(country),
            "unusable": (),
        }
    )
