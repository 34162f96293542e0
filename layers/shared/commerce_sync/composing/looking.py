"""Subjects of looks at people: at their contacts, at what is observed of them, at their orders."""

from collections.abc import Collection, Iterable, Mapping
from typing import Protocol

from commerce_sync.aws.observed import ObservedTable
from commerce_sync.aws.traces import ORDERED, Traces
from commerce_sync.composing.identity import IdentitySettings, keys_of, people_of
from commerce_sync.composing.telling import AN_ORDER
from commerce_sync.config.stores import configured_stores
from commerce_sync.contracts.fields import FieldOwner
from commerce_sync.identity.policy import EMAIL
from commerce_sync.profiles.looks import CONTACT, OBSERVED


class PeopleSettings(IdentitySettings, Protocol):
    """Where identity and the traces of people stand."""

    @property
    def traces_table(self) -> str: ...  # noqa: D102


def subjects_of(settings: PeopleSettings, people: Mapping[str, str | None]) -> dict[str, list[str]]:
    """By email address all that a look at the person may be about: the contact (its id, where there is one), what is
    observed under each identifier, each order.
    """
    keys = keys_of(settings)
    whose = {email: people_of(settings).identifiers_of_person([(EMAIL, email)]) for email in people}
    items = ObservedTable(settings.identity_table, keys).known([one for some in whose.values() for one in some])
    kept = {(str(item["kind"]), str(item["whose"])) for item in items}
    traces = Traces(settings.traces_table, keys)
    found: dict[str, list[str]] = {}
    for email, identifiers in whose.items():
        orders = (trace.removeprefix(ORDERED) for trace in traces.of(identifiers) if trace.startswith(ORDERED))
        found[email] = [
            *([f"{CONTACT}{people[email]}"] if people[email] else []),
            *(f"{OBSERVED}{keys.keys(one)[0]}" for one in identifiers if one in kept),
            *orders,
        ]
    return found


def looks_by_owners(settings: PeopleSettings, email: str, owners: Collection[FieldOwner]) -> list[str]:
    """The looks at somebody by which these owners are asked what they say; contacts are those that identity knows."""
    portals = {f"{source}:{store}" for source, store in configured_stores() if source == "hubspot"}
    person = people_of(settings).identifiers_of_person([(EMAIL, email)]) if "hubspot" in owners else ()
    found = [f"{CONTACT}{value}" for kind, value in person if kind in portals]
    asked = {kind for kind, owner in ((OBSERVED, "bundle"), (AN_ORDER, "store")) if owner in owners}
    others = enough(subjects_of(settings, {email: None})[email]) if asked else []
    return found + [one for one in others if kind_of(one) in asked]


def kind_of(subject: str) -> str:
    """Which source a subject is one of."""
    return next((prefix for prefix in (CONTACT, OBSERVED) if subject.startswith(prefix)), AN_ORDER)


def enough(subjects: Iterable[str]) -> list[str]:
    """One subject of each source: any of a person's orders leads to all of them, as what is observed does."""
    first: dict[str, str] = {}
    for subject in subjects:
        first.setdefault(kind_of(subject), subject)
    return list(first.values())
