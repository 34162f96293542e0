"""Whether a delivery that could not be translated is about a person: a search in its body, since it left no trace.

Email addresses count wherever they stand; phone numbers in fields that are for them, or in their international form;
records of the delivery's own system in fields that hold such ids. A body that says nothing but a name is not found; it
leaves the archive with its age.
"""

import json
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import unquote

from commerce_sync.contracts import Envelope
from commerce_sync.contracts.identity_book import Identifier
from commerce_sync.errors import PermanentError
from commerce_sync.privacy.needs import Places
from commerce_sync.privacy.owning import AddressOf, values_of
from commerce_sync.privacy.phones import is_written_in, reads_as
from commerce_sync.privacy.tracing import arrived

ESCAPED = re.compile(r"\\u([0-9a-fA-F]{4})")
ADDRESS = re.compile(r"[^\s<>,;:\"'()\[\]{}=&?|\\/]+@[^\s<>,;:\"'()\[\]{}=&?|\\/]+")
FOR_PHONES = re.compile(r"phone|mobile|telefon|sms|whatsapp|^(tel|fax)$", re.IGNORECASE)
PEOPLE = re.compile(r"customer|contact|buyer|person|profile|user|guest", re.IGNORECASE)
HOLDS_ID = re.compile(r"(customer|contact|buyer|person|profile|user|object).?id?s?$", re.IGNORECASE)
GLOBAL_ID = re.compile(r"gid://\w+/Customer/(\w+)")
Field = tuple[str, str, str]
"""What a value stands in, the name it stands under, and the value."""


@dataclass(frozen=True)
class Search:
    """Looks for a person in the archive. What the archive must have let go is not asked for."""

    identifiers: Collection[Identifier]
    places: Places

    def finds(self, key: str) -> bool:
        """Whether an archived delivery is there, and about the person."""
        if arrived(key) < self.places.now() - timedelta(days=self.places.archive_days):
            return False
        try:
            envelope = self.places.archive.fetch(key)
        except PermanentError:
            return False
        return is_about(envelope, self.identifiers, self.places.address_of)


def is_about(envelope: Envelope, identifiers: Collection[Identifier], address_of: AddressOf) -> bool:
    """Whether a delivery's body holds one of the identifiers."""
    body = envelope.body_bytes() or b""
    try:
        fields = list(_fields(json.loads(body), "", envelope.topic))
    except (ValueError, RecursionError):
        return _is_in_text(body, identifiers, address_of)
    emails = {email for _, _, value in fields for email in emails_in(value, address_of)}
    if emails & set(values_of(identifiers, "email")):
        return True
    records = {value for kind, value in identifiers if kind == f"{envelope.source}:{envelope.store}"}
    if any(_record_in(field) in records for field in fields):
        return True
    return not emails and any(_is_phone(phone, field) for phone in values_of(identifiers, "phone") for field in fields)


def emails_in(text: str, address_of: AddressOf) -> Iterator[str]:
    """The email addresses in a text, in their normal form."""
    if "@" in text or "%40" in text:
        for candidate in ADDRESS.findall(unquote(text)):
            found = address_of(candidate.rstrip("."))
            if found and found[0] == "email":
                yield found[1]


def _fields(value: Any, inside: str, name: str) -> Iterator[Field]:
    if isinstance(value, dict):
        for key, part in value.items():
            yield inside, "", key
            yield from _fields(part, name, key)
    elif isinstance(value, list):
        for part in value:
            yield from _fields(part, inside, name)
    elif value is not None and not isinstance(value, bool):
        yield inside, name, str(value)


def _record_in(field: Field) -> str | None:
    """The id of a person's record, where the field holds one. ``inside`` is the topic at the top of a body."""
    inside, name, value = field
    if found := GLOBAL_ID.fullmatch(value):
        return found[1]
    return value if HOLDS_ID.search(name) or (name == "id" and PEOPLE.search(inside)) else None


def _is_phone(phone: str, field: Field) -> bool:
    _, name, value = field
    return reads_as(phone, value) if FOR_PHONES.search(name) else "+" in value and is_written_in(phone, value)


def _is_in_text(body: bytes, identifiers: Collection[Identifier], address_of: AddressOf) -> bool:
    """The same where a body is no JSON: addresses and adorned numbers, not as parts of longer ones. No records."""
    text = ESCAPED.sub(lambda match: chr(int(match[1], 16)), body.decode("utf-8", "replace"))
    emails = set(emails_in(text, address_of))
    if emails & set(values_of(identifiers, "email")):
        return True
    return not emails and any(is_written_in(phone, unquote(text)) for phone in values_of(identifiers, "phone"))
