"""``import_properties`` over the inbound queue: rows become deliveries like those that owners sign and send."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from commerce_sync.aws.queues import send_all
from commerce_sync.config.advanced import SOURCE, senders_of_properties
from commerce_sync.contracts import CanonicalEvent
from commerce_sync.intake import translate
from commerce_sync.operating.importing import Told
from commerce_sync.operating.importing import import_properties as import_rows
from commerce_sync.profiles.observed import said_in
from commerce_sync.webhooks.envelope import serialize, wrap
from commerce_sync.webhooks.request import Delivery


def import_properties(inbound_url: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Read a CSV, and send it on unless it is a dry run."""
    now = datetime.now(UTC)

    def read(owner: str, body: bytes) -> Told:
        said = translate(SOURCE, "", senders_of_properties()[SOURCE, owner], body, received_at=now)
        return Told(len(said.events), sum(_has_ended(event, now) for event in said.events), said.rejections)

    def send(owner: str, body: bytes) -> None:
        delivery = Delivery(SOURCE, owner, "", "POST", "", {}, body, now.timestamp())
        send_all(inbound_url, [serialize(wrap(delivery, "", "operations"))])

    owners = sorted(store for source, store in senders_of_properties() if source == SOURCE)
    return import_rows(arguments, owners, read, send)


def _has_ended(event: CanonicalEvent, now: datetime) -> bool:
    _, said = said_in(event)
    return said.value is not None and not said.holds(now)
