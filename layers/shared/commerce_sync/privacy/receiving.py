"""A request arrives: its case is found or opened, and the delivery that carried it goes.

That delivery names the person, and it comes when nobody is left to look for it: with the echo of our own deletion, or
with a sender's late repeat.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from commerce_sync.contracts.identity import PrivacyRequest
from commerce_sync.contracts.identity_book import Identifier
from commerce_sync.contracts.privacy import PrivacyCase
from commerce_sync.privacy.needs import Cases, Places
from commerce_sync.privacy.opening import case_for, case_ids, done_before, opened
from commerce_sync.privacy.returning import ECHO, is_echo
from commerce_sync.privacy.tracing import ARCHIVED, deliveries_to_erase


@dataclass(frozen=True)
class Reception:
    """``named`` gives the identifiers that a request names, ``keys`` the keyed hashes of a request's id."""

    cases: Cases
    places: Places
    named: Callable[[PrivacyRequest], Sequence[Identifier]]
    keys: Callable[[str], Sequence[str]]
    deadline_days: float

    def take(self, request: PrivacyRequest) -> PrivacyCase:
        """The request's case, written down before anything is done about it. Taking it again is harmless."""
        named = tuple(self.named(request))
        names = case_ids(self.keys(request.request_id))
        case = case_for(request, names, self.cases.find, lambda name: self._open(request, named, name))
        if request.kind == "erase":
            self._erase_delivery(request, named, case)
        return case

    def _open(self, request: PrivacyRequest, named: tuple[Identifier, ...], name: str) -> PrivacyCase:
        now = self.places.now()
        case = opened(request, named, name, now, self.deadline_days)
        if is_echo(request, named, self.places.people):
            case = done_before(case, tuple(map(self.places.keyed, named)), ECHO, now)
        return self.cases.put(case)

    def _erase_delivery(self, request: PrivacyRequest, named: Sequence[Identifier], case: PrivacyCase) -> None:
        """The one that carried it; once the case is closed, also what else has arrived about those who are gone."""
        keys = {request.archive_key} if request.archive_key else set()
        marks = self.places.people.erased(list(named)) if case.is_closed else {}
        back = self.places.people.came_back(list(marks))
        past = {one: deliveries_to_erase([one], back, at, self.places) for one, at in marks.items()}
        if gone := keys.union(*past.values()):
            self.places.archive.erase(gone)
        for one, theirs in past.items():
            self.places.traces.remove([one], {f"{ARCHIVED}{key}" for key in theirs})
