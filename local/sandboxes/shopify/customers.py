"""A shop's customers, and what each of their addresses said of marketing."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Literal

Channel = Literal["email", "sms"]
GID = "gid://shopify/Customer/"
BODIES: Mapping[Channel, str] = {"email": "email_marketing_consent", "sms": "sms_marketing_consent"}


@dataclass(frozen=True)
class Consent:
    """What an address said, in the words of webhooks; ``at`` is ``consent_updated_at``."""

    state: str = "not_subscribed"
    level: str | None = None
    at: datetime | None = None
    collected_from: str = "SHOPIFY"

    def body(self) -> dict[str, Any]:
        """As webhooks and the REST API show it."""
        return {"state": self.state, "opt_in_level": self.level, "consent_updated_at": iso(self.at)}


@dataclass
class Customer:
    """A person of the shop, by a numeric id."""

    id: int
    created: datetime
    updated: datetime
    addresses: dict[Channel, str]
    names: dict[str, str | None] = field(default_factory=dict)
    consents: dict[Channel, Consent] = field(default_factory=dict)

    def consent(self, channel: Channel) -> Consent:
        """What the address on a channel said."""
        return self.consents.get(channel, Consent())

    def shown(self) -> dict[str, Any]:
        """For the snapshot that a test looks at."""
        bodies = {BODIES[channel]: self.consent(channel).body() for channel in self.addresses}
        return {"id": self.id, "email": self.addresses.get("email"), "phone": self.addresses.get("sms"), **bodies}

    def resource(self) -> dict[str, Any]:
        """As GraphQL resolves it."""
        return {
            "id": f"{GID}{self.id}",
            "createdAt": self.created,
            "updatedAt": self.updated,
            **self.names,
            "defaultEmailAddress": self._address("email", "emailAddress"),
            "defaultPhoneNumber": self._address("sms", "phoneNumber"),
        }

    def _address(self, channel: Channel, name: str) -> dict[str, Any] | None:
        if channel not in self.addresses:
            return None
        consent = self.consent(channel)
        return {
            name: self.addresses[channel],
            "marketingState": consent.state.upper(),
            "marketingOptInLevel": consent.level.upper() if consent.level else None,
            "marketingUpdatedAt": consent.at,
            "marketingCollectedFrom": consent.collected_from,
        }


class Customers:
    """Customers by id. Addresses are unique in a shop."""

    def __init__(self) -> None:
        self.by_id: dict[int, Customer] = {}

    def put(self, bodies: Iterable[Mapping[str, Any]], now: datetime) -> None:
        """Put customers into the shop, as webhooks describe them; consents may stand beside."""
        for body in bodies:
            given: dict[Channel, Any] = {"email": body.get("email"), "sms": body.get("phone")}
            addresses = {channel: str(address) for channel, address in given.items() if address}
            for channel, address in addresses.items():
                if any(other.id != int(body["id"]) for other in self.holding(channel, address)):
                    raise ValueError("another customer has that address")
            customer = Customer(
                *(int(body["id"]), moment(body.get("created_at")) or now, moment(body.get("updated_at")) or now),
                addresses=addresses,
                names={"firstName": body.get("first_name"), "lastName": body.get("last_name")},
                consents={
                    channel: _consent(body[name])
                    for channel, name in BODIES.items()
                    if isinstance(body.get(name), dict)
                },
            )
            self.by_id[customer.id] = customer

    def holding(self, channel: Channel, address: str) -> list[Customer]:
        """Customers with this address, whatever its case."""
        wanted = address.lower()
        return [one for one in self.by_id.values() if one.addresses.get(channel, "").lower() == wanted]

    def ordered(self) -> list[Customer]:
        """All, in the order of their ids."""
        return [self.by_id[number] for number in sorted(self.by_id)]


def _consent(body: Mapping[str, Any]) -> Consent:
    at = moment(body.get("consent_updated_at"))
    return Consent(str(body.get("state", "not_subscribed")), body.get("opt_in_level"), at)


def moment(text: Any) -> datetime | None:
    """A time with its zone, if there is one."""
    if not text:
        return None
    value = datetime.fromisoformat(str(text))
    if value.tzinfo is None:
        raise ValueError(f"{text} has no zone")
    return value.astimezone(UTC)


def iso(value: datetime | None) -> str | None:
    """A time as Shopify writes it."""
    return value.isoformat(timespec="seconds").replace("+00:00", "Z") if value else None
