"""A request's JSON:API document, read member by member so that every refusal can point at its cause."""

import json
import math
import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import phonenumbers
from flask import request

from local.sandboxes.klaviyo.errors import ApiError, invalid

EMAIL = re.compile(r"[^@\s,;<>()]+@[^@\s.,;<>()]+(\.[^@\s.,;<>()]+)+")
PHONE = re.compile(r"\+[1-9]\d{6,14}")
EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Node:
    """One value of the document and its JSON pointer."""

    value: Any
    pointer: str

    def members(self, allowed: Collection[str] | None, resource: str) -> "dict[str, Node]":
        """The members of an object; one that is not allowed is refused by name."""
        if not isinstance(self.value, dict):
            invalid(f"The payload provided in '{self.pointer}' must be an object.", self.pointer)
        for name in self.value:
            if allowed is not None and name not in allowed:
                pointer = f"{self.pointer}/{name}"
                invalid(f"'{name}' is not a valid field for the resource '{resource}'.", pointer)
        return {name: Node(value, f"{self.pointer}/{name}") for name, value in self.value.items()}

    def items(self) -> "list[Node]":
        """The items of an array."""
        if not isinstance(self.value, list):
            invalid(f"The payload provided in '{self.pointer}' must be an array.", self.pointer)
        return [Node(item, f"{self.pointer}/{index}") for index, item in enumerate(self.value)]

    def resource(self, kind: str, allowed: Collection[str] = ("attributes",)) -> "dict[str, Node]":
        """The members of a resource object of this type."""
        members = self.members({"type", *allowed}, kind)
        given = need(members, "type", self).value
        if given != kind:
            invalid(f"The payload provided is of type '{given}', expected '{kind}'.", f"{self.pointer}/type")
        return members

    def data(self, resource: str) -> "Node":
        """What is under the only member, ``data``."""
        return need(self.members({"data"}, resource), "data", self)

    def text(self) -> str:
        """A non-empty string."""
        if not isinstance(self.value, str) or not self.value:
            invalid(f"'{self.pointer.rsplit('/', 1)[-1]}' must be a non-empty string.", self.pointer)
        return self.value

    def boolean(self) -> bool:
        """A JSON boolean."""
        if not isinstance(self.value, bool):
            invalid("Must be a valid boolean.", self.pointer)
        return self.value

    def number(self) -> float:
        """A JSON number, never a string."""
        if isinstance(self.value, bool) or not isinstance(self.value, int | float) or not _finite(self.value):
            invalid("A valid number is required.", self.pointer)
        return self.value

    def one_of(self, choices: Collection[str]) -> str:
        """One of these words."""
        if self.value not in choices:
            invalid(f"'{self.value}' is not a valid choice. Choices: {', '.join(choices)}.", self.pointer)
        return str(self.value)

    def email(self) -> str:
        """An email address; Klaviyo keeps it in lower case."""
        if not isinstance(self.value, str) or not EMAIL.fullmatch(self.value):
            invalid("Invalid email address", self.pointer)
        return self.value.lower()

    def phone(self) -> str:
        """A phone number in E.164 form, of a possible length for its country."""
        if not isinstance(self.value, str) or not PHONE.fullmatch(self.value) or not _possible(self.value):
            invalid("Invalid phone number format (Example of a valid format: +12345678901)", self.pointer)
        return self.value

    def moment(self) -> datetime:
        """An ISO 8601 date and time; without an offset it is UTC."""
        try:
            return utc(self.value)
        except (TypeError, ValueError, OverflowError):
            invalid(f"'{self.value}' is not a valid ISO 8601 datetime.", self.pointer)

    def event_time(self, now: datetime) -> datetime:
        """An event's time, to the second: after 1990 and at most a year ahead."""
        moment = self.moment().replace(microsecond=0)
        if not EARLIEST < moment <= now + timedelta(days=365):
            invalid("The time must be after the year 1990 and at most 1 year in the future.", self.pointer)
        return moment


def need(members: dict[str, Node], name: str, parent: Node) -> Node:
    """A member that must be present."""
    if name not in members:
        invalid(f"The field '{name}' is required.", f"{parent.pointer}/{name}".replace("//", "/"))
    return members[name]


def document(most_bytes: int | None = None) -> Node:
    """The request's whole body; its ``data`` is all it may hold."""
    raw = request.get_data()
    if most_bytes is not None and len(raw) > most_bytes:
        raise ApiError(413, "payload_too_large", "Payload too large.", f"The payload exceeds {most_bytes} bytes.")
    try:
        value = json.loads(raw, parse_constant=_no_number)
    except ValueError as error:
        raise ApiError(400, "parse_error", "Malformed request.", "The request body is not valid JSON.") from error
    return Node(value, "").data("document")


def utc(text: str) -> datetime:
    """The moment an ISO 8601 text means; without an offset it is UTC."""
    moment = datetime.fromisoformat(text)
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


def within(node: Node, most: int, what: str) -> list[Node]:
    """The items of an array that may hold at most so many, and at least one."""
    items = node.items()
    if not 0 < len(items) <= most:
        invalid(f"Must provide between 1 and {most} {what}, got {len(items)}.", node.pointer)
    return items


def _finite(number: float) -> bool:
    try:
        return math.isfinite(number)
    except OverflowError:
        return False


def _possible(phone: str) -> bool:
    try:
        return phonenumbers.is_possible_number(phonenumbers.parse(phone))
    except phonenumbers.NumberParseException:
        return False


def _no_number(name: str) -> Any:
    raise ValueError(name)
