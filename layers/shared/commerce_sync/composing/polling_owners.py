"""Owners of HubSpot's account: who is renamed, leaves or comes back changes no contact, and stands at thousands.

Owners cannot be searched by time, and are few: all are read each time and compared with what is kept. The contacts of
one that differs are read by a cursor of their own, so that a run may end between two pages, and not before profile_sync
has forgotten who the owners were: until then it would find that nothing differs.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final, Protocol

from commerce_sync.aws.control import Control
from commerce_sync.composing.polling_hubspot import LAG
from commerce_sync.composing.polling_records import ContactSource, Tell
from commerce_sync.contracts.crm import Owner
from commerce_sync.polling.cursors import Rule, Sighting, Window
from commerce_sync.polling.kinds import EVER
from commerce_sync.polling.walking import is_through
from commerce_sync.vendors.hubspot import HubSpot
from commerce_sync.vendors.hubspot.owners import MINUTES, HubSpotOwners
from commerce_sync.vendors.hubspot.searching import Filter, HubSpotSearch, equal_to

OWNERS: Final = "owners#hubspot"
"""The document of owners by id (name, email, archived), and of those whose contacts are to be read, when that was found
(``changed``)."""
KEPT_FOR: Final = timedelta(seconds=MINUTES) + timedelta(minutes=1)
"""How long a worker that read the owners before goes by what it read; and a minute for clocks that differ."""
Document = Mapping[str, Any]


class Staff(Protocol):
    """HubSpot's owners."""

    def everybody(self) -> Mapping[str, tuple[Owner, bool]]:
        """Every owner, and whether they left."""


@dataclass(frozen=True)
class OwnerSource:
    """The owners that differ from those that are kept. What differs is kept before the cursor moves."""

    rule: Rule
    staff: Staff
    control: Control
    name: str = "records#hubspot:owners"

    def page(self, window: Window) -> tuple[Sequence[Sighting], str | None]:
        """One page: all that differ, None for one that is gone. The same owner is another sighting each time."""
        shown = {one: [owner.name, owner.email, is_gone] for one, (owner, is_gone) in self.staff.everybody().items()}
        known = self._known().get("owners", {})
        differing = [one for one in {**known, **shown} if known.get(one) != shown.get(one)]
        at = window.end
        return [Sighting(f"{one}@{at.isoformat()}", at, (one, shown.get(one))) for one in differing], None

    def say(self, fresh: Sequence[Sighting]) -> None:
        """Keep them, and that their contacts are to be read; at the first look those were read with what they show."""
        self.control.change(OWNERS, lambda known: _kept(known, fresh))

    def _known(self) -> Document:
        return self.control.read(OWNERS)[0]


def owner_sources(
    client: HubSpot, control: Control, overlap: timedelta, tell: Tell, now: Callable[[], datetime]
) -> Iterator[tuple[OwnerSource | ContactSource, datetime | None]]:
    """The owners, and once they were looked at the contacts of each that changed a while ago, read since ever."""
    rule = Rule(overlap, lag=LAG)
    yield OwnerSource(rule, HubSpotOwners(client), control), None
    search, changed = HubSpotSearch(client), _to_read(control)
    for owner_id, found_at in changed.items():
        if now() - datetime.fromisoformat(found_at) < KEPT_FOR:
            continue
        wanted = partial(_of_owner, owner_id)
        yield ContactSource(_contacts_of(owner_id, found_at), rule, search, wanted, tell), EVER


def _of_owner(owner_id: str, _since: datetime) -> Filter:
    return equal_to("hubspot_owner_id", owner_id)


def _kept(known: Document, fresh: Sequence[Sighting]) -> Document:
    owners = {**known.get("owners", {}), **dict(one.what for one in fresh)}
    found = {one.what[0]: one.at.isoformat() for one in fresh} if "owners" in known else {}
    return {
        "owners": {name: shown for name, shown in owners.items() if shown is not None},
        "changed": {**known.get("changed", {}), **found},
    }


def _to_read(control: Control) -> Mapping[str, str]:
    """The owners whose contacts are still to be read; those that are through are struck off."""
    known, _ = control.read(OWNERS)
    changed: Mapping[str, str] = known.get("changed", {})
    read = {(owner, at) for owner, at in changed.items() if is_through(control, _contacts_of(owner, at), EVER)}
    if not read:
        return changed
    left = control.change(
        OWNERS, lambda now: {**now, "changed": dict(one for one in now["changed"].items() if one not in read)}
    )
    return dict(left["changed"])


def _contacts_of(owner_id: str, found_at: str) -> str:
    return f"records#hubspot:owner#{owner_id}@{found_at}"
