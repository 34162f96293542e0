"""HubSpot as a place to tell: the contacts of a hundred addresses are looked up, then written by their ids.

Whom HubSpot does not know is created where the field map says so, and waits otherwise.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any, ClassVar, Final, Protocol

from commerce_sync.contracts.fields import FieldValues
from commerce_sync.contracts.told import Begun
from commerce_sync.errors import PausedError, PermanentError, RefusedByVendorError, RetriableError
from commerce_sync.profiles.bisecting import sent
from commerce_sync.profiles.destinations import Group, Verdict

TOGETHER: Final = 100
LIFECYCLE: Final = "lifecyclestage"
NO_PROPERTY: Final = "PROPERTY_DOESNT_EXIST"
NO_PROPERTY_WAIT: Final = 300.0


class Contacts(Protocol):
    """HubSpot's contacts."""

    def holding(self, emails: Sequence[str], properties: Sequence[str]) -> Sequence[Mapping[str, Any]]:
        """The contacts that have these as primary or additional email addresses, both of which are read too."""

    def update(self, values: Mapping[str, Mapping[str, str]]) -> Mapping[str, PermanentError | RetriableError]:
        """Write properties by contact id, a hundred at most; why not, of those that were not written."""

    def create(self, people: Mapping[str, Mapping[str, str]]) -> Mapping[str, PermanentError | RetriableError]:
        """Make contacts by email address, a hundred at most; why not, of those that were not made.

        Of somebody who became a contact meanwhile that is retriable: they are found the next time.
        """

    def stages(self) -> Sequence[str]:
        """The lifecycle stages, in the account's own order."""


@dataclass(frozen=True)
class HubSpotPlace:
    """``lifecycle``: whether the field map lets the lifecycle stage be written, and then only forward.

    ``creates`` says by the values whether somebody whom HubSpot does not know gets a contact.
    """

    contacts: Contacts
    lifecycle: bool = False
    creates: Callable[[FieldValues], bool] = lambda _values: False

    def groups(self, differing: Mapping[str, FieldValues], refused: AbstractSet[str]) -> Iterator[Group]:  # noqa: ARG002 # HubSpot names whom it refuses
        """A hundred at a time."""
        emails = list(differing)
        for start in range(0, len(emails), TOGETHER):
            yield _Hundred(self, emails[start : start + TOGETHER])

    def may_move(self, stage: str | None, known: str | None) -> bool:
        """Whether a lifecycle stage may become this one: never back, never to none or from what nobody knows."""
        stages = {name: place for place, name in enumerate(self.contacts.stages(), 1)}
        return bool(stage) and stages.get(stage or "", 0) > (stages.get(known, len(stages)) if known else 0)


@dataclass(frozen=True)
class _Hundred:
    place: HubSpotPlace
    emails: Sequence[str]
    is_import: ClassVar[bool] = False

    def write(self, begun: Mapping[str, Begun]) -> Mapping[str, Verdict]:
        """One read, and one write by id: two addresses of one contact are one input, as its primary one wants it."""
        moves = self.place.lifecycle and any(LIFECYCLE in write.values for write in begun.values())
        emails, contacts = list(begun), list[Mapping[str, Any]]()

        def read(some: Sequence[str]) -> None:
            contacts.extend(self.place.contacts.holding(some, [LIFECYCLE] if moves else []))

        unread: dict[str, Verdict] = {}
        for at, error in sent(emails, read).items():
            if isinstance(error, RetriableError):
                raise error
            unread[emails[at]] = error
        holders = {email: contact for contact in contacts for email in reversed(addresses(contact)) if email in begun}
        by_id = {str(contact["id"]): email for email, contact in reversed(holders.items())}
        by_id |= {str(one["id"]): first for email, one in holders.items() if (first := addresses(one)[0]) == email}
        texts = {one: self._texts(begun[email].values, holders[email]["properties"]) for one, email in by_id.items()}
        values = {one: theirs for one, theirs in texts.items() if theirs}
        errors = self.place.contacts.update(values) if values else {}
        made = self._make({email: write for email, write in begun.items() if email not in {*holders, *unread}})
        return unread | made | {email: _verdict(errors.get(str(contact["id"]))) for email, contact in holders.items()}

    def _make(self, unknown: Mapping[str, Begun]) -> dict[str, Verdict]:
        """Contacts of those who get one: their address, and what is told. Nothing of it is consent."""
        people: dict[str, Mapping[str, str]] = {}
        for email, write in unknown.items():
            if self.place.creates(write.values):
                texts = {name: text for name, text in self._texts(write.values, {}).items() if text}
                people[email] = {**texts, "email": email}
        errors = self.place.contacts.create(people) if people else {}
        return {email: _verdict(errors.get(email)) for email in people}

    def _texts(self, values: FieldValues, standing: Mapping[str, Any]) -> dict[str, str]:
        """As HubSpot takes them: all of them texts, an empty one clears."""
        texts = {name: value or "" for name, value in values.items() if name != LIFECYCLE}
        stage, known = values.get(LIFECYCLE), standing.get(LIFECYCLE)
        if self.place.lifecycle and stage and self.place.may_move(stage, known):
            texts[LIFECYCLE] = stage
        return texts


def addresses(contact: Mapping[str, Any]) -> list[str]:
    """The primary address of a contact first."""
    properties = contact["properties"]
    known = [properties.get("email"), *(properties.get("hs_additional_emails") or "").split(";")]
    return [email.strip().lower() for email in known if email and email.strip()]


def _verdict(error: PermanentError | RetriableError | None) -> Verdict:
    """A property that the account has not would fail for everybody: nobody is blamed, and all wait for it."""
    if isinstance(error, RefusedByVendorError) and error.code == NO_PROPERTY:
        return PausedError(f"{error}: see fields.toml and operations setup", retry_after=NO_PROPERTY_WAIT)
    return error
