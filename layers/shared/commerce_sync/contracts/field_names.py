"""What a field map may name: the sources that are worked out, the transforms, and the names that are spoken for."""

from collections.abc import Mapping
from typing import Final

from commerce_sync.contracts.fields import FieldOwner, FieldType

ANY: Final[frozenset[FieldType]] = frozenset({"text", "number", "date", "datetime", "boolean", "set"})
TRANSFORMS: Final[Mapping[str, frozenset[FieldType]]] = {
    "as_is": ANY,
    "country_name": frozenset({"text"}),
    "country_code": frozenset({"text"}),
    "phone": frozenset({"text"}),
    "lower": frozenset({"text"}),
    "day": frozenset({"date"}),
    "is_set": frozenset({"boolean"}),
}
"""By name, the types of what a transform gives. Each is a function of :mod:`commerce_sync.profiles.transforms`."""

WORKED_OUT: Final[Mapping[str, tuple[FieldOwner, FieldType]]] = {
    **{f"owner.{name}": ("hubspot", "text") for name in ("name", "email")},
    "deals.open": ("hubspot", "number"),
    "deals.has_open": ("hubspot", "boolean"),
    "tickets.open": ("hubspot", "number"),
    "tickets.has_open": ("hubspot", "boolean"),
    "tickets.has_complaint": ("hubspot", "boolean"),
    "lists.names": ("hubspot", "set"),
    **{f"orders.{name}": ("store", "number") for name in ("count", "gross", "refunded", "total", "average")},
    **{f"orders.{name}": ("store", "datetime") for name in ("first_at", "last_at")},
    **{f"orders.{name}": ("store", "text") for name in ("currency", "lifecycle")},
    **{f"rfm.{name}": ("bundle", "text") for name in ("segment", "score")},
    **{f"rfm.{name}": ("bundle", "number") for name in ("recency_days", "frequency", "monetary")},
    **{f"touch.{name}": ("bundle", "text") for name in ("channel", "kind", "id", "name")},
    **{f"touch.utm_{name}": ("bundle", "text") for name in ("source", "medium", "campaign")},
    "touch.at": ("bundle", "datetime"),
}
"""By source, who owns what is worked out, and its type."""

LOCATION: Final = frozenset({"address1", "address2", "city", "country", "region", "timezone", "zip"})
"""Klaviyo's attributes that stand within ``location``."""
KLAVIYO_ATTRIBUTES: Final = LOCATION | {"first_name", "last_name", "organization", "title", "locale", "image"}
"""Klaviyo's own attributes that may be written. Its identifiers are not among them: see :data:`IDENTIFIERS`."""
IDENTIFIERS: Final = frozenset({"id", "email", "phone_number", "external_id", "anonymous_id", "_kx"})
"""What Klaviyo knows people by. The email address is whom a value is about; a phone number has a kind of its own."""

CHANNELS: Final = ("email", "sms")
CONSENT_NAMES: Final = frozenset(
    f"sync_{channel}_{name}"
    for channel in CHANNELS
    for name in ("consent", "consent_source", "opt_in_at", "opt_out_at")
)
"""The contact properties that say what the consent ledger says, opt-in times too: consent_propagation's alone."""
SMS_HOLD: Final = "sync_sms_hold"
"""Klaviyo's profile property of a phone number that is held: consent_propagation's alone."""
REVENUE_NAMES: Final = frozenset(
    f"sync_{name}"
    for name in (
        *("order_key", "line_key", "original_amount", "original_currency", "refunded_amount"),
        *("company_amount", "company_currency", "exchange_rate", "rate_date"),
    )
)
"""The properties of orders, deals and line items: event_delivery's."""
LIFECYCLE: Final = "lifecyclestage"
HUBSPOTS_OWN: Final = frozenset(
    {
        *("email", "firstname", "lastname", "phone", "mobilephone", "fax", "salutation", "jobtitle", "company"),
        *("address", "city", "state", "zip", "country", "website", "industry", "annualrevenue", "numemployees"),
        *("createdate", "lastmodifieddate", "closedate", "days_to_close", "total_revenue", "recent_deal_amount"),
        *("recent_deal_close_date", "first_deal_created_date", "num_associated_deals", "associatedcompanyid"),
        *("hubspot_owner_id", "hubspot_team_id", "hubspotscore", "ip_country_code", "notes_last_updated"),
        *("notes_last_contacted", "num_notes", "num_contacted_notes", "num_conversion_events", LIFECYCLE),
    }
)
"""Contact properties that every account has. Those that begin with ``hs_`` are HubSpot's too, most are read-only."""
