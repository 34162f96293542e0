"""The deployer's part of consent: purposes, senders, notices, and who subscribes people where. Loaded by ``config``."""

from datetime import date
from typing import Literal

from pydantic import Field

from commerce_sync.contracts.base import Contract
from commerce_sync.contracts.consent import Channel
from commerce_sync.contracts.store import OptInMeta

SubscribedBy = Literal["native", "us"]


class Purpose(Contract):
    """One purpose that people consent to. ``hubspot`` are subscription types by id or name.

    ``klaviyo`` is ``account`` for the account's own marketing consent, or the id of a list.
    """

    id: str = Field(pattern="^[a-z][a-z0-9_]{0,31}$")
    channels: tuple[Channel, ...] = Field(min_length=1)
    hubspot: tuple[str, ...] = ()
    klaviyo: str = Field(min_length=1)


class ConsentSource(Contract):
    """One store's part in consent: whose opt-ins are told to Klaviyo by the native app, and whose by us.

    ``opt_in_meta`` are the fields of a WooCommerce shop's orders and customers that say of an opt-in.
    """

    source: str
    store: str
    subscribed_by: SubscribedBy
    purpose: str | None = None
    sender: str | None = None
    opt_in_meta: OptInMeta = OptInMeta()


class HubSpotForm(Contract):
    """One HubSpot form by which people opt in, by its id (a GUID).

    ``box`` is the name of the field that they tick; where there is none, whoever submits it opts in.
    """

    id: str = Field(min_length=1)
    box: str = ""
    purpose: str | None = None


class Notice(Contract):
    """What people were told at a form or checkbox, from a date on, until another one.

    ``sha256`` is the hash (hex) of the exact text that was shown.
    """

    id: str = Field(min_length=1)
    form: str = Field(min_length=1)
    sha256: str = Field(pattern="^[0-9a-f]{64}$")
    language: str = Field(pattern="^[a-z]{2}$")
    valid_from: date
    valid_until: date | None = None


class ConsentPolicy(Contract):
    """Everything of it. ``ignored`` are HubSpot subscription types and Klaviyo lists that are no marketing, by name.

    ``double_opt_in_list`` is the Klaviyo list that asks for a confirmation; empty where none does. ``explanation`` is
    what HubSpot is told beside its legal basis.
    """

    default_purpose: str
    default_sender: str
    senders: tuple[str, ...] = Field(min_length=1)
    purposes: tuple[Purpose, ...] = Field(min_length=1)
    sources: tuple[ConsentSource, ...] = ()
    ignored_hubspot: tuple[str, ...] = ()
    ignored_klaviyo: tuple[str, ...] = ()
    double_opt_in_list: str = ""
    legal_basis: str = "CONSENT_WITH_NOTICE"
    notices: tuple[Notice, ...] = ()
    hubspot_forms: tuple[HubSpotForm, ...] = ()

    def purposes_of(self, channel: Channel) -> tuple[Purpose, ...]:
        """The purposes that a channel serves."""
        return tuple(one for one in self.purposes if channel in one.channels)

    def source_of(self, source: str, store: str) -> ConsentSource | None:
        """What is configured of a store."""
        return next((one for one in self.sources if (one.source, one.store) == (source, store)), None)
