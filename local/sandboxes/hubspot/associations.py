"""Links between records, readable from both ends, each with its typed labels."""

from collections.abc import Iterator
from typing import Any

Link = tuple[str, str, str, str]
DEFAULT_TYPES = {
    ("orders", "contacts"): 507,
    ("contacts", "orders"): 508,
    ("orders", "deals"): 512,
    ("deals", "orders"): 511,
    ("orders", "line_items"): 513,
    ("line_items", "orders"): 514,
    ("deals", "contacts"): 3,
    ("contacts", "deals"): 4,
    ("tickets", "contacts"): 16,
    ("contacts", "tickets"): 15,
    ("deals", "line_items"): 19,
    ("line_items", "deals"): 20,
    ("companies", "contacts"): 280,
    ("contacts", "companies"): 279,
}


class Associations:
    """Both directions of every link, as ``(from type, from id, to type, to id)`` with its type ids."""

    def __init__(self) -> None:
        self._links: dict[Link, None] = {}
        self._by_from: dict[tuple[str, str, str], list[str]] = {}

    def link(self, link: Link) -> bool:
        """Tie two records; says whether they were not tied before."""
        is_new = link not in self._links
        for from_type, from_id, to_type, to_id in (link, _reverse(link)):
            key = (from_type, from_id, to_type, to_id)
            if key not in self._links:
                self._links[key] = None
                self._by_from.setdefault((from_type, from_id, to_type), []).append(to_id)
        return is_new

    def unlink(self, link: Link) -> None:
        """Untie two records: every label goes."""
        for from_type, from_id, to_type, to_id in (link, _reverse(link)):
            if self._links.pop((from_type, from_id, to_type, to_id), self) is None:
                self._by_from[from_type, from_id, to_type].remove(to_id)

    def of(self, from_type: str, from_id: str, to_type: str) -> list[str]:
        """The records of one type tied to one record."""
        return self._by_from.get((from_type, from_id, to_type), [])

    def move(self, object_type: str, old_id: str, new_id: str) -> None:
        """A merge: what was tied to one record is now tied to the other."""
        for link in [link for link in self._links if link[:2] == (object_type, old_id)]:
            self.unlink(link)
            self.link((object_type, new_id, *link[2:]))

    def drop(self, object_type: str, record_id: str) -> None:
        """A deletion takes its links with it."""
        for link in [link for link in self._links if link[:2] == (object_type, record_id)]:
            self.unlink(link)

    def snapshot(self) -> list[dict[str, str]]:
        """Every direction of every link."""
        return [dict(zip(("from_type", "from", "to_type", "to"), link, strict=True)) for link in self._links]


def types_shown(from_type: str, to_type: str) -> Iterator[dict[str, Any]]:
    """The labels of a link: the unlabelled default one."""
    yield {"category": "HUBSPOT_DEFINED", "typeId": DEFAULT_TYPES[from_type, to_type], "label": None}


def _reverse(link: Link) -> Link:
    return (link[2], link[3], link[0], link[1])
