"""webhook_intake: believes a delivery or refuses it, puts it on its inbound queue, answers.

No vendor call, no table, no models: verify, enqueue, 200. Once a signature is valid the answer is 200 whatever
the body holds, because stores disable webhooks that answer errors. A second delivery of the same body is
harmless: it makes the same envelope id, and everything downstream is idempotent by it.

A browser's web events come in by a door of their own, where less is believed and less is let in.
"""

import time
from collections.abc import Callable
from functools import cache
from typing import Any

from commerce_sync.aws.lean import send_message
from commerce_sync.aws.secrets import cached_secret
from commerce_sync.errors import RetriableError
from commerce_sync.observability import count, log
from commerce_sync.settings import settings_for
from commerce_sync.settings.intake import IntakeSettings
from commerce_sync.webhooks import storefront
from commerce_sync.webhooks.envelope import by_reference, serialize, wrap
from commerce_sync.webhooks.refusals import RefusedError
from commerce_sync.webhooks.request import Delivery, read_delivery
from commerce_sync.webhooks.routing import goes_ahead
from commerce_sync.webhooks.schemes import scheme_of
from commerce_sync.webhooks.secrets import secrets_of
from commerce_sync.webhooks.stores import known_stores


def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Answer one webhook: 200, a 4xx with a reason code, or 503 where we could not keep it (the sender retries).

    A ping, by which a shop only tries the address, is answered 200 as well, and nothing is kept of it. A browser that
    asks whether it may send is answered 204.
    """
    settings = settings_for(IntakeSettings)
    if storefront.is_storefront(event):
        return _answer_browser(event, settings)
    return _answer(lambda: _read(event, settings, settings.max_body_bytes), settings)


def _answer_browser(event: dict[str, Any], settings: IntakeSettings) -> dict[str, Any]:
    headers = storefront.access_headers(event)
    if storefront.is_preflight(event):
        return {"statusCode": 204, "headers": headers}

    def admitted() -> Delivery:
        _doorkeeper().admit(event, now=time.monotonic())
        return _read(event, settings, settings.max_web_body_bytes)

    return _answer(admitted, settings) | {"headers": headers}


def _answer(read: Callable[[], Delivery], settings: IntakeSettings) -> dict[str, Any]:
    try:
        _enqueue(_verified(read(), settings), settings)
    except RefusedError as refusal:
        count(refusal.metric, reason=refusal.reason)
        return {"statusCode": refusal.status, "body": refusal.reason}
    except RetriableError as error:
        log("a delivery could not be kept", error=str(error))
        return {"statusCode": 503, "body": "not_kept"}
    return {"statusCode": 200, "body": ""}


def _read(event: dict[str, Any], settings: IntakeSettings, max_body_bytes: int) -> Delivery:
    return read_delivery(event, public_base_url=settings.public_base_url, max_body_bytes=max_body_bytes)


def _verified(delivery: Delivery, settings: IntakeSettings) -> dict[str, Any]:
    scheme = scheme_of(delivery.source)
    if (delivery.source, delivery.store) not in known_stores():
        raise RefusedError(404, "unknown_store")
    signing = cached_secret(settings.signing_secrets_id, settings.secrets_lifetime).value()
    secrets = secrets_of(signing, delivery.source, delivery.store)
    tolerance = settings.timestamp_tolerance
    if delivery.source == "bigcommerce":
        tolerance = settings.bigcommerce_tolerance
    scheme.verify(delivery, secrets, now=time.time(), tolerance=tolerance)
    return wrap(delivery, *scheme.describe(delivery))


def _enqueue(envelope: dict[str, Any], settings: IntakeSettings) -> None:
    message = serialize(envelope)
    if len(message) > settings.max_message_bytes:
        from commerce_sync.aws.claim_check import put_claim  # noqa: PLC0415 # only a large body pays for an S3 client

        put_claim(settings.archive_bucket, envelope["archive_key"], message.encode())
        message = serialize(by_reference(envelope))
    queue_url = settings.consent_queue_url if goes_ahead(envelope) else settings.inbound_queue_url
    send_message(queue_url, message)


@cache
def _doorkeeper() -> storefront.Doorkeeper:
    settings = settings_for(IntakeSettings)
    return storefront.Doorkeeper(settings.web_burst, settings.web_per_second)
