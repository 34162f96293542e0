"""Who a delivery's people are: their normal forms, the fact that each states, and the identifier that decides."""

from collections.abc import Iterable, Mapping, Sequence, Set
from datetime import datetime

from commerce_sync.contracts import Person, Store
from commerce_sync.contracts.identity import SamePerson
from commerce_sync.contracts.identity_book import Identifier, Pointer
from commerce_sync.identity.countries import normalize_country
from commerce_sync.identity.emails import normalize_email
from commerce_sync.identity.facts import Observation
from commerce_sync.identity.phones import normalize_phone
from commerce_sync.identity.policy import EMAIL, PHONE, Policy, is_record
from commerce_sync.identity.unusable import unusable_email, unusable_phone

KLAVIYO = "klaviyo"


def normalize_person(person: Person, store: Store) -> Person:
    """A person with email, phone and country in their normal forms. What is no address is kept as it was, with why.

    A phone's region is its own international form, else the person's country, else the store's.
    """
    country = normalize_country(person.country or "")
    regions = [region for region in (country, store.country) if region]
    email, phone = normalize_email(person.email or ""), normalize_phone(person.phone or "", regions)
    unusable = [unusable_email(person.email or "")] if email is None else []
    unusable += [unusable_phone(person.phone or "")] if phone is None else []
    changes = {"email": email, "phone": phone, "country": country, "unusable": tuple(filter(None, unusable))}
    return person.model_copy(update=changes)


def identifiers_of(person: Person, store: Store, policy: Policy) -> tuple[Identifier, ...]:
    """A normalised person's identifiers, the one that decides first: email, the store's or the CRM's record, phone."""
    own = record_kind(store)
    apart = f"@{own}" if own in policy.apart else ""
    record = person.hubspot_contact_id or person.customer_id
    if person.customer_of and not person.hubspot_contact_id:
        own = person.customer_of
    found = ((f"{EMAIL}{apart}", person.email), (own, record), (f"{PHONE}{apart}", person.phone))
    return tuple((kind, value) for kind, value in found if value)


def record_kind(store: Store) -> str:
    """The kind of a store's own records. Klaviyo is one account, so its need no store; pages show their shop's."""
    if store.source == "web" and store.shop:
        return store.shop
    return KLAVIYO if store.source == KLAVIYO else f"{store.source}:{store.id}"


def observed(identifiers: Sequence[Identifier], at: datetime, by: str) -> Observation:
    """The fact that one body states about its person: the record is the center, without one the email address."""
    center = next(filter(is_record, identifiers), identifiers[0])
    return Observation(center, tuple(one for one in identifiers if one != center), at, by)


def stated(same: SamePerson, store: Store, apart: Set[str] = frozenset()) -> list[Observation]:
    """The facts in a system's own word that records, or a record and addresses, are one person.

    Customers of stores that are kept ``apart`` are nobody else's, whatever another system says.
    """
    kind = record_kind(store)
    survivor, *others = ((kind, record) for record in same.records)
    emails = filter(None, map(normalize_email, same.emails))
    elsewhere = () if kind in apart else (one for one in same.elsewhere if one[0] not in apart)
    told = (*others, *elsewhere, *((EMAIL, email) for email in emails))
    return [Observation(survivor, tuple(dict.fromkeys(told)), same.stated_at, kind, "stated")]


def address_of(text: str) -> Identifier | None:
    """The identifier of an email address or of a phone number in its international form."""
    if "@" in text:
        email = normalize_email(text)
        return (EMAIL, email) if email else None
    phone = normalize_phone(text)
    return (PHONE, phone) if phone else None


def deciding(identifiers: Iterable[Identifier], pointers: Mapping[Identifier, Pointer], policy: Policy) -> Identifier:
    """The identifier that says whose an event is: the first that is one person's own, else the first."""
    identifiers = list(identifiers)
    own = (one for one in identifiers if not policy.is_role(one) and not (one in pointers and pointers[one].wide))
    return next(own, identifiers[0])
