"""Why a verified body can give no event: every code, in words that a shop owner understands, and what to do."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, Literal

from commerce_sync.intake.rows import ROWS, RowCode
from commerce_sync.intake.settled import NOTHING, SETTLED, Reason, SettledCode

Code = Literal[
    SettledCode,
    RowCode,
    "not_utf8",
    "not_json",
    "too_deep",
    "not_a_number",
    "duplicate_key",
    "too_large",
    "missing_field",
    "wrong_type",
    "bad_money",
    "bad_time",
    "naive_time",
    "unknown_currency",
    "test_order",
    "refund_not_paid",
    "refund_currency_differs",
    "fulfillment_not_shipped",
    "shipment_not_delivered",
    "empty_cart",
    "cart_without_person",
    "nobody_named",
    "web_event_unreadable",
    "sensitive_value",
    "address_not_usable",
    "opt_in_without_address",
    "consent_says_nothing",
    "profile_without_address",
    "webhook_id_differs",
    "record_deleted",
    "record_restored",
    "merge_not_completed",
    "too_many_to_join",
    "incomplete_order",
    "unknown_consent",
    "not_asked",
    "record_unknown",
    "store_error",
    "not_yet_translated",
    "topic_not_used",
    "unknown_topic",
    "unknown_source",
]


_SENDER = "Ask whoever sends these webhooks to correct the body, then replay the delivery."
_KEPT = "The delivery is kept and can be replayed."

CATALOGUE: Final[Mapping[Code, Reason]] = MappingProxyType(
    {
        "not_utf8": Reason("The message is not text in UTF-8.", _SENDER),
        "not_json": Reason("The message is not JSON.", _SENDER),
        "too_deep": Reason("The message is nested too deeply to be read safely.", _SENDER),
        "not_a_number": Reason("The message holds NaN or Infinity, which are not JSON and not amounts.", _SENDER),
        "duplicate_key": Reason(
            "One field stands twice in the message, so nobody can say which one is meant.", _SENDER
        ),
        "too_large": Reason("One event of this message is larger than the tables and the vendors take.", _SENDER),
        "missing_field": Reason(
            "A field that this event cannot do without is missing.",
            "If the webhook is limited to some fields, add this one; then replay the delivery.",
        ),
        "wrong_type": Reason(
            "A field is of another kind than the vendor documents.",
            "The vendor may have changed its format: update this bundle, then replay the delivery.",
        ),
        "bad_money": Reason(
            "An amount is not a plain decimal number, or has parts of a cent that nobody pays.", _SENDER
        ),
        "bad_time": Reason("A time is not a moment that can be read (ISO 8601 with an offset is expected).", _SENDER),
        "naive_time": Reason("A time does not say its offset from UTC, so it could mean different moments.", _SENDER),
        "unknown_currency": Reason(
            "The currency is not an ISO 4217 code that prices can be in.",
            "Correct the currency of the store or of the sender, then replay the delivery.",
        ),
        "test_order": Reason("The store marked this order as a test: it is not revenue.", NOTHING, waits=False),
        "refund_not_paid": Reason(
            "This refund has returned no money yet, or none at all (items can be taken back without a payment).",
            "When the money is returned the store says so, and the refund is counted then.",
            waits=False,
        ),
        "refund_currency_differs": Reason(
            "The refund's money is in another currency than the shop's, and what was taken back in both currencies "
            "does not come to it, so nothing says what it was in shop money.",
            f"Look the refund up in the store. {_KEPT}",
        ),
        "fulfillment_not_shipped": Reason(
            "This fulfillment is not shipped: it is pending, cancelled or failed.", NOTHING, waits=False
        ),
        "shipment_not_delivered": Reason("The shipment is on its way, not delivered.", NOTHING, waits=False),
        "empty_cart": Reason("The cart is empty: nothing was added.", NOTHING, waits=False),
        "cart_without_person": Reason(
            "The cart does not say whose it is, so nobody can be told of it.",
            "Once its owner signs in or types an email address, the store sends it again.",
            waits=False,
        ),
        "nobody_named": Reason(
            "A browser told of a visit, and nothing in it says whose: no email address, and nobody was logged in.",
            "Nothing is kept of visitors who are not known. Many of these cost money: let the shop's pages send events "
            "of known visitors only (docs/web_events.md).",
            waits=False,
        ),
        "web_event_unreadable": Reason(
            "A browser sent an event that is not as documented. Anybody can send one, so nothing is made of it.",
            "One is nothing. If there are many, the shop's pages were changed: look at what they send "
            "(docs/web_events.md).",
            waits=False,
        ),
        "sensitive_value": Reason(
            "HubSpot hides the value of this property in webhooks.",
            "HubSpot hides its value from webhooks: look at the contact in HubSpot.",
            waits=False,
        ),
        "address_not_usable": Reason(
            "Somebody may have opted out, and the address cannot be read: nobody was opted out.",
            "Look at the delivery, find out whose address it is, and revoke it through the staff's endpoint "
            "(docs/consent.md).",
        ),
        "opt_in_without_address": Reason(
            "A statement about consent that is no opt-out has no address that can be read: nothing can come of it.",
            NOTHING,
            waits=False,
        ),
        "consent_says_nothing": Reason(
            "The message is about consent, and says of it neither yes nor no.", NOTHING, waits=False
        ),
        "profile_without_address": Reason(
            "Klaviyo names the person by an id only. Polling reads the same statement with its address.",
            NOTHING,
            waits=False,
        ),
        "webhook_id_differs": Reason(
            "Klaviyo's message is of another webhook than its header says, so it is not believed.",
            "Check the webhook in Klaviyo; polling reads the same statements meanwhile.",
        ),
        "record_deleted": Reason(
            "The store or HubSpot deleted its own record of a person or an order: no consent, no wish to be forgotten, "
            "no cancellation.",
            NOTHING,
            waits=False,
        ),
        "record_restored": Reason("HubSpot restored a deleted record of a person.", NOTHING, waits=False),
        "merge_not_completed": Reason(
            "The store began to make two customers one and did not finish: they are still two.", NOTHING, waits=False
        ),
        "too_many_to_join": Reason(
            "This message would make one person of more addresses and records than is believable.",
            "Its events went on, nobody was joined. Look at the people with operations explain, separate or correct "
            "them at the source, then replay the delivery.",
        ),
        "incomplete_order": Reason(
            "This is a checkout that was begun: it is no order yet, and nobody agreed to anything by it.",
            NOTHING,
            waits=False,
        ),
        "unknown_consent": Reason(
            "The store says of consent what is not known here: nobody was subscribed because of it.",
            f"Look the record up in the store; a plugin's field is named in opt_in_meta of consent.toml. {_KEPT}",
        ),
        **dict(ROWS.items()),
        "not_asked": Reason(
            "The message holds an id only, and the store was not asked what stands behind it.",
            "Configure the store's address and token, then replay the delivery.",
        ),
        "record_unknown": Reason(
            "The store knows nothing by this id, or not any more: there is nothing to be learnt from the message.",
            NOTHING,
            waits=False,
        ),
        "store_error": Reason(
            "The store sent an error of its own in place of the record, so what happened is not known here.",
            "The webhook's owner in the store may not read such records: give the webhook to an administrator. "
            "Then look up what was changed meanwhile.",
        ),
        "not_yet_translated": Reason("This kind of message will matter, but is not translated yet.", _KEPT),
        "topic_not_used": Reason(
            "Nothing in this bundle uses this kind of message.",
            "The webhook subscription can be removed in the store.",
            waits=False,
        ),
        "unknown_topic": Reason("This kind of message is not known.", f"Check the webhook's topic. {_KEPT}"),
        "unknown_source": Reason(
            "Deliveries of this source are not translated.", f"Check the webhook's address. {_KEPT}"
        ),
        **dict(SETTLED.items()),
    }
)
