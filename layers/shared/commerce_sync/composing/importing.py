"""``import_properties`` over the inbound queue: rows become deliveries like those that owners sign and send."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from commerce_sync.aws.queues import send_all
from commerce_sync.config.advanced import SOURCE, senders_of_properties
from commerce_sync.intake import Rejection, translate
from commerce_sync.operating import importing
from commerce_sync.webhooks.envelope import serialize, wrap
from commerce_sync.webhooks.request import Delivery


def import_properties(inbound_url: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Read a CSV, and send it on unless it is a dry run."""
    now = datetime.now(UTC)

    def read(owner: str, body: bytes) -> tuple[int, Sequence[Rejection]]:
        said = translate(SOURCE, "", senders_of_properties()[SOURCE, owner], body, received_at=now)
        return len(said.events), said.rejections

    def send(owner: str, body: bytes) -> None:
        delivery = Delivery(SOURCE, owner, "", "POST", "", {}, body, now.timestamp())
        send_all(inbound_url, [serialize(wrap(delivery, "", "operations"))])

    owners = sorted(store for source, store in senders_of_properties() if source == SOURCE)
    return importing.import_properties(arguments, owners, read, send)
