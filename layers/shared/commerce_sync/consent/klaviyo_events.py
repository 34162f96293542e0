"""What an event of one of Klaviyo's own metrics says of consent.

An opt-out, a complaint and a bounce are acts, and an event is one. An opt-in is only as good as how it was collected,
which the event does not say: so it makes somebody read what the profile shows, and says nothing itself. The statement
of an event has the id that a webhook about it makes, too.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any, Final, Protocol

from commerce_sync.consent.identifying import statement_id_of
from commerce_sync.consent.klaviyo_facts import ACCOUNT
from commerce_sync.contracts.consent import ALL, Action, Channel, ConsentStatement, Strength

INTEGRATION: Final = "Klaviyo"
LIST_NAMES: Final = ("list_id", "List")
ADDRESSES: Final[Mapping[Channel, str]] = MappingProxyType({"email": "email_address", "sms": "phone_number"})
"""By these names an event says whom it is about, in webhooks as well."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a metric's events say. ``action`` None: nothing by themselves, the profile is read."""

    channel: Channel
    action: Action | None = None
    strength: Strength = "info"
    method: str = ""
    of_list: bool = False

    @property
    def shows_profile(self) -> bool:
        """Whether the profile has to be read for all of it."""
        return self.action is None or self.of_list


METRICS: Final[Mapping[str, Meaning]] = MappingProxyType(
    {
        "Unsubscribed from SMS Marketing": Meaning("sms", "withdraw", "hard_out", "keyword"),
        "Unsubscribed from Email Marketing": Meaning("email", "withdraw", "pref_out", "preference_page"),
        "Unsubscribed": Meaning("email", "withdraw", "pref_out", "preference_page"),
        "Marked Email as Spam": Meaning("email", "withdraw", "hard_out", "preference_page"),
        "Unsubscribed from List": Meaning("email", "withdraw", "pref_out", "preference_page", of_list=True),
        "Updated Email Preferences": Meaning("email"),
        "Subscribed to Email Marketing": Meaning("email"),
        "Subscribed to SMS Marketing": Meaning("sms"),
        "Consented to Receive SMS": Meaning("sms"),
        "Subscribed to List": Meaning("email"),
        "Bounced Email": Meaning("email", "info", "info", "bounce"),
    }
)
"""Opt-outs first: they are read first. Two names of one meaning are an older and a newer one."""
NEEDED: Final = frozenset(
    {"Unsubscribed from Email Marketing", "Unsubscribed from SMS Marketing", "Marked Email as Spam"}
)
"""Metrics that begin to exist with their first event: while one is missing, it is looked for each time."""


class Event(Protocol):
    """One event, and whose it is."""

    @property
    def event_id(self) -> str: ...  # noqa: D102
    @property
    def occurred_at(self) -> datetime: ...  # noqa: D102
    @property
    def email(self) -> str: ...  # noqa: D102
    @property
    def phone(self) -> str: ...  # noqa: D102
    @property
    def properties(self) -> Mapping[str, Any]: ...  # noqa: D102


def of_event(metric: str, event: Event, list_named: Callable[[str], str]) -> ConsentStatement | None:
    """What an event says. ``list_named`` gives a list's name as the configuration knows it.

    None where it says nothing by itself. An address that neither it nor the profile has is empty.
    """
    meaning = METRICS[metric]
    if meaning.action is None:
        return None
    said = next((str(event.properties[name]) for name in LIST_NAMES if event.properties.get(name)), "")
    if meaning.of_list and not said:
        return None
    concerns_all = meaning.strength == "hard_out"
    of_list = list_named(said) if meaning.of_list else ACCOUNT
    bounce = event.properties.get("Bounce Type")
    return ConsentStatement(
        statement_id=statement_id_of("event", event.event_id),
        channel=meaning.channel,
        address=address_of(event, meaning.channel),
        action=meaning.action,
        strength=meaning.strength,
        occurred_at=event.occurred_at,
        actor="system" if meaning.action == "info" else "subject",
        method=meaning.method,
        purpose=ALL if concerns_all else None,
        subscription=None if concerns_all else of_list,
        evidence={"metric": metric, **({"bounce": str(bounce)} if bounce else {})},
    )


def address_of(event: Event, channel: Channel) -> str:
    """The address that an event is about: its own where it names one, else its profile's; empty where there is none.

    A profile may have another address by now, which said nothing.
    """
    return next(iter(addresses_of(event, channel)), "")


def addresses_of(event: Event, channel: Channel) -> tuple[str, ...]:
    """The address that an event is about, and its profile's of today, each once."""
    told = event.properties.get(ADDRESSES[channel])
    own = told.strip() if isinstance(told, str) else ""
    return tuple(dict.fromkeys(filter(None, (own, event.email if channel == "email" else event.phone))))
