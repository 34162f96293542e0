"""Both sides as they are compared: what the store told us, what an app told Klaviyo, what one wrote into HubSpot."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from commerce_sync.comparing.differences import Told
from commerce_sync.contracts import BookedOrder, CanonicalEvent
from commerce_sync.contracts.natives import AppEvents
from commerce_sync.errors import RetriableError

Row = Mapping[str, Any]
LONGEST_KEY = 100


def of_event(event: CanonicalEvent, *, is_expected: bool = True) -> Told:
    """An event of ours. A checkout has no order; its token stands third in its id."""
    key = event.order_id or [*event.event_id.split(":"), "", ""][2]
    return Told(key, event.event_id, event.occurred_at, event.value, event.currency, is_expected)


def of_order(subject: str, order: BookedOrder) -> Iterable[Told]:
    """An order of ours, worth what it is after all edits; none that was never seen placed."""
    placed = order.placed
    if placed is not None:
        value = placed.order.current_value if placed.order else placed.value
        yield Told(placed.order_id or subject, subject, placed.occurred_at, value, placed.currency)


def of_metric(row: Row, event: str, app: AppEvents) -> Told:
    """An event of an app's metric at Klaviyo.

    :raises RetriableError: it says no time.
    """
    attributes = row.get("attributes") or {}
    properties = attributes.get("event_properties") or {}
    keys = [names for name, names in app.keys.items() if name == event]
    currency = _first(properties, app.currency)
    return Told(
        key=_text(_first(properties, keys[0])) if keys else "",
        record=str(row["id"]),
        at=_happened_at(attributes),
        value=_amount(_first(properties, app.value)),
        currency=_text(currency) or None,
    )


def of_record(row: Row, happened_at: datetime) -> Told:
    """An order that an app wrote into HubSpot."""
    properties = row["properties"]
    return Told(
        key=_text(properties.get("hs_external_order_id")),
        record=str(row["id"]),
        at=happened_at,
        value=_amount(properties.get("hs_total_price")),
        currency=_text(properties.get("hs_currency_code")) or None,
    )


def _happened_at(attributes: Any) -> datetime:
    seconds, said = attributes.get("timestamp"), attributes.get("datetime")
    if isinstance(seconds, int):
        return datetime.fromtimestamp(seconds, UTC)
    try:
        moment = datetime.fromisoformat(said)
    except (TypeError, ValueError):
        raise RetriableError("klaviyo showed an event without its time") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _first(properties: Any, names: Sequence[str]) -> Any:
    """The first of the properties that is there; a dot leads into an object, where no property has the whole name."""
    return next((found for name in names if (found := _at(properties, name)) not in (None, "")), None)


def _at(properties: Any, name: str) -> Any:
    for part in [name] if isinstance(properties, dict) and name in properties else name.split("."):
        properties = properties.get(part) if isinstance(properties, dict) else None
    return properties


def _text(value: Any) -> str:
    """An id or a code. Anything that is none of these names nothing: bodies of others reach no report."""
    is_plain = isinstance(value, (str, int)) and not isinstance(value, bool)
    text = str(value).strip() if is_plain else ""
    text = text.rpartition("/")[2] if text.startswith("gid://") else text
    return text if len(text) <= LONGEST_KEY and "@" not in text else ""


def _amount(value: Any) -> Decimal | None:
    """A JSON number by its shortest text, which is what was meant."""
    try:
        amount = Decimal(str(value)) if isinstance(value, (int, float, str, Decimal)) else None
    except InvalidOperation:
        return None
    return amount if amount is not None and amount.is_finite() else None
