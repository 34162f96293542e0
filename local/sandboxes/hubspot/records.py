"""The records of one object type, with an index of their unique values."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from local.sandboxes.base import Clock
from local.sandboxes.hubspot.values import at

VERSIONS_KEPT = 50


@dataclass
class Record:
    """One record. ``versions`` are its earlier faces, which the search index still shows for a while."""

    id: str
    created: float
    updated: float
    properties: dict[str, str] = field(default_factory=dict)
    archived_at: float | None = None
    versions: list[tuple[float, dict[str, str]]] = field(default_factory=list)

    def as_of(self, moment: float) -> dict[str, str] | None:
        """Its properties as they stood then; None before it existed."""
        return next((properties for since, properties in reversed(self.versions) if since <= moment), None)

    def history(self, name: str) -> list[tuple[float, str]]:
        """When one property became what, the newest first; what it was before anything is kept is not known."""
        changes: list[tuple[float, str]] = []
        for since, properties in self.versions:
            value = properties.get(name, "")
            if value != (changes[-1][1] if changes else ""):
                changes.append((since, value))
        return changes[::-1]


class ObjectStore:
    """Records by id. Merged ids lead to the survivor. ``frozen_at`` stamps all writes of a bulk job with one time."""

    def __init__(self, modified_name: str, created_name: str, next_id: Callable[[], str], clock: Clock) -> None:
        self.records: dict[str, Record] = {}
        self.merged: dict[str, str] = {}
        self._index: dict[tuple[str, str], str] = {}
        self._names = (created_name, modified_name)
        self._next_id = next_id
        self._clock = clock
        self.frozen_at: float | None = None

    def get(self, record_id: str, *, archived: bool = False) -> Record | None:
        """The record of that id, or the one it was merged into."""
        while record_id in self.merged:
            record_id = self.merged[record_id]
        record = self.records.get(record_id)
        return record if record and (record.archived_at is not None) == archived else None

    def find(self, name: str, value: str) -> Record | None:
        """The live record with that unique value. Emails match whatever their case, additional ones too."""
        found = self._index.get((name, _fold(name, value)))
        return self.get(found) if found else None

    def live(self, *, archived: bool = False) -> Iterator[Record]:
        """Records in the order of their ids."""
        ordered = sorted(self.records.values(), key=lambda record: int(record.id))
        return (record for record in ordered if (record.archived_at is not None) == archived)

    def add(self) -> Record:
        """A new record, empty so far."""
        now = self._clock.now()
        record = Record(self._next_id(), now, now)
        record.properties["hs_object_id"] = record.id
        record.properties[self._names[0]] = at(now)
        self.records[record.id] = record
        return record

    def write(self, record: Record, values: Mapping[str, str], unique: list[str]) -> dict[str, str]:
        """Keep values; returns those that changed. A write bumps the modification time even if nothing changed."""
        changed = {name: value for name, value in values.items() if record.properties.get(name, "") != value}
        self.unindex(record)
        record.properties.update(changed)
        for name in [name for name, value in changed.items() if value == ""]:
            del record.properties[name]
        self.index(record, unique)
        self.touch(record)
        return changed

    def touch(self, record: Record) -> None:
        """Bump the modification time and remember this face for the search index."""
        record.updated = self._clock.now() if self.frozen_at is None else self.frozen_at
        record.properties[self._names[1]] = at(record.updated)
        record.versions = [*record.versions, (record.updated, dict(record.properties))][-VERSIONS_KEPT:]

    def index(self, record: Record, unique: list[str]) -> None:
        """Make its unique values findable."""
        keys = [(name, record.properties[name]) for name in unique if name in record.properties]
        aliases = record.properties.get("hs_additional_emails", "").split(";") if "email" in unique else []
        for name, value in [*keys, *(("email", alias) for alias in aliases if alias)]:
            self._index[name, _fold(name, value)] = record.id

    def unindex(self, record: Record) -> None:
        """Free its unique values."""
        values = set(record.properties.items())
        aliases = record.properties.get("hs_additional_emails", "").split(";")
        for name, value in [*values, *(("email", alias) for alias in aliases)]:
            if self._index.get((name, _fold(name, value))) == record.id:
                del self._index[name, _fold(name, value)]


def _fold(name: str, value: str) -> str:
    return value.strip().lower() if name == "email" else value
