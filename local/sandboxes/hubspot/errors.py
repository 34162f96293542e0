"""HubSpot's error bodies: category, message, correlation id, and for properties their name and a code."""

import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Problem:
    """What is wrong with one property's value."""

    name: str
    code: str
    message: str

    def entry(self) -> dict[str, Any]:
        """As HubSpot lists it."""
        return {"message": self.message, "code": self.code, "context": {"propertyName": [self.name]}}


@dataclass
class HubSpotError(Exception):
    """A refusal: of a request, or of one input of a batch."""

    status: int
    category: str
    message: str
    errors: Sequence[Mapping[str, Any]] = ()
    sub_category: str = ""
    context: Mapping[str, Any] = field(default_factory=dict)

    def body(self) -> dict[str, Any]:
        """The body of a refused request."""
        return {**self.item({}), "correlationId": str(uuid.uuid4())}

    def item(self, context: Mapping[str, Any]) -> dict[str, Any]:
        """The entry of a refused input, in a batch's ``errors``."""
        entry: dict[str, Any] = {"status": "error", "category": self.category, "message": self.message}
        if self.sub_category:
            entry["subCategory"] = self.sub_category
        return {**entry, "context": {**self.context, **context}, "links": {}, "errors": list(self.errors)}


def invalid(message: str) -> HubSpotError:
    """A request that HubSpot does not understand."""
    return HubSpotError(400, "VALIDATION_ERROR", message)


def invalid_values(problems: Sequence[Problem]) -> HubSpotError:
    """Values that do not fit their properties; every one is named."""
    listed = [
        {"isValid": False, "message": problem.message, "error": problem.code, "name": problem.name}
        for problem in problems
    ]
    message = f"Property values were not valid: {json.dumps(listed)}"
    return HubSpotError(400, "VALIDATION_ERROR", message, [problem.entry() for problem in problems])


def not_found(message: str = "resource not found") -> HubSpotError:
    """Nothing there, or no longer."""
    return HubSpotError(404, "OBJECT_NOT_FOUND", message)


def taken(object_type: str, existing_id: str) -> HubSpotError:
    """A contact with this email exists; its id stands in the message only."""
    noun = object_type.removesuffix("s").capitalize()
    return HubSpotError(409, "CONFLICT", f"{noun} already exists. Existing ID: {existing_id}")
