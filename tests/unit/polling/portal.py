"""A HubSpot account behind its client's one method, as far as polling for opt-outs reads it, and a control table."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import SimpleNamespace
from typing import Any

from commerce_sync.errors import NotAllowedError, RetriableError


@dataclass
class Portal:
    """Contacts by id: their properties and when they changed. ``kinds`` are the names of kinds of email by id."""

    kinds: dict[str, str] = field(default_factory=lambda: {"1": "Marketing Information", "9": "One to One"})
    contacts: dict[str, tuple[dict[str, str], datetime]] = field(default_factory=dict)
    statuses: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    definitions_fail: Exception | None = None
    statuses_are_allowed: bool = True

    def opts_out(self, contact_id: str, at: datetime, *kinds: str, email: str = "", additional: str = "") -> None:
        """A contact's properties say so."""
        names = ["hs_email_optout" if kind == "*" else f"hs_email_optout_{kind}" for kind in kinds]
        known = {"email": email or f"c{contact_id}@example.com", "hs_additional_emails": additional}
        self.contacts[contact_id] = ({**known, **dict.fromkeys(names, "true")}, at)

    def call(self, method: str, path: str, body: Any = None, params: Mapping[str, str] | None = None) -> Any:  # noqa: ARG002
        """Any of HubSpot's calls."""
        if path.endswith("/definitions"):
            if self.definitions_fail:
                raise self.definitions_fail
            results = [{"id": one, "name": name, "isActive": True} for one, name in self.kinds.items()]
        elif path.endswith("/search"):
            results = self._search(body)
        elif path.endswith("/batch/read"):
            results = [self._shown(one["id"], body) for one in body["inputs"] if one["id"] in self.contacts]
        elif not self.statuses_are_allowed:
            raise NotAllowedError("missing scope")
        elif path.endswith("/unsubscribe-all"):
            results = []
        else:
            results = self.statuses.get(path.rpartition("/")[2].replace("%40", "@"), [])
        return SimpleNamespace(json={"results": results})

    def _search(self, body: Mapping[str, Any]) -> list[dict[str, Any]]:
        since, *more = body["filterGroups"][0]["filters"]
        assert (since["propertyName"], since["operator"]) == ("lastmodifieddate", "GTE")
        first = int(since["value"])
        after = int(more[0]["value"]) if more else 0
        found = [
            contact_id
            for contact_id, (_, at) in self.contacts.items()
            if first <= at.timestamp() * 1000 and int(contact_id) > after
        ]
        return [self._shown(one, body) for one in sorted(found, key=int)[: body["limit"]]]

    def _shown(self, contact_id: str, body: Mapping[str, Any]) -> dict[str, Any]:
        said, at = self.contacts[contact_id]
        said = {**said, "lastmodifieddate": at.isoformat()}
        histories = {
            name: [{"value": said[name], "timestamp": at.isoformat()}]
            for name in body.get("propertiesWithHistory") or []
            if name in said
        }
        return {
            "id": contact_id,
            "properties": {name: said[name] for name in body["properties"] if name in said},
            "propertiesWithHistory": histories,
        }


class Documents(dict[str, tuple[Any, int]]):
    """The control table."""

    def read(self, name: str) -> tuple[Any, int]:
        """A document and its revision."""
        return self.get(name, ({}, 0))

    def write(self, name: str, document: Any, revision: int) -> bool:
        """Write over a revision."""
        if self.read(name)[1] != revision:
            return False
        self[name] = (document, revision + 1)
        return True


FAILS = RetriableError("hubspot answered 502")
FORBIDDEN = NotAllowedError("missing scope")
