"""Who a Shopify body is about, as far as it says. Values stay raw: identity normalises emails, phones, countries."""

from commerce_sync.contracts import Person
from commerce_sync.intake.assembly import person_from
from commerce_sync.intake.fields import first, identifier_if_any, text
from commerce_sync.intake.shopify.shapes import Address, Customer, MaybeAddress

_NOBODY = Customer()


def person_of(
    email: str | None,
    phone: str | None,
    customer: Customer | None,
    billing: MaybeAddress = None,
    shipping: MaybeAddress = None,
) -> Person | None:
    """The person of an order, a checkout or a customer body, or None where nothing identifies one.

    Bodies without a customer are common (point of sale, drafts, deleted customers). The body's own email and
    phone come first: they are what this buyer typed for this order. The shipping address's phone is the recipient's,
    who may be somebody else: it identifies nobody.
    """
    someone = customer or _NOBODY
    customer_id = identifier_if_any(someone.id, "customer.id")
    mailing = text(email) or text(someone.email)
    calling = first(phone, someone.phone, billing.phone if isinstance(billing, Address) else None)
    if not (mailing or calling or customer_id):
        return None
    places = [place for place in (someone.default_address, billing, shipping) if type(place) is Address]
    first_name, last_name = _name(someone, places)
    return person_from(
        {
            "email": mailing,
            "phone": calling,
            "customer_id": customer_id,
            "customer_of": None,
            "hubspot_contact_id": None,
            "first_name": first_name,
            "last_name": last_name,
            "country": _country(places, calling),
            "unusable": (),
        }
    )


def _name(someone: Customer, places: list[Address]) -> tuple[str | None, str | None]:
    """First and last name from one place: two halves of two people are nobody's name."""
    candidates: list[Customer | Address] = [someone, *places]
    for candidate in candidates:
        first_name, last_name = text(candidate.first_name), text(candidate.last_name)
        if first_name or last_name:
            return first_name, last_name
    return None, None


def _country(places: list[Address], phone: str | None) -> str | None:
    """The country of the address that the phone came from, because its digits are read in that country; else the first.

    So a phone from the billing address is not read in the country of the customer's default address.
    """
    for place in places:
        if phone and place.phone and place.phone.strip() == phone:
            places = [place, *places]
            break
    for place in places:
        if country := text(place.country_code) or text(place.country):
            return country
    return None
