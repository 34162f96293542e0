"""A delivery as an HTTP API hands it over (payload format 2.0), reduced to what verification needs."""

import re
from base64 import b64decode
from binascii import Error as Base64Error
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from commerce_sync.webhooks.refusals import RefusedError

NAMED = re.compile("POST /(consent/(?:preferences|staff|sms|support)|web)/")


@dataclass(frozen=True, slots=True)
class Delivery:
    """One signed HTTP request. ``headers`` have lower-case names; ``body`` is the raw bytes that were signed."""

    source: str
    store: str
    path_topic: str
    method: str
    url: str
    headers: Mapping[str, str]
    body: bytes
    received_at: float


def read_delivery(event: Mapping[str, Any], *, public_base_url: str, max_body_bytes: int) -> Delivery:
    """Take a delivery out of an API Gateway event.

    The size is checked before anything is copied, so that memory stays bounded.

    :raises RefusedError: 413 ``body_too_large``, 415 ``compressed_body``, 400 ``body_not_base64`` or ``body_not_text``,
        404 ``unknown_source``: web events by another door than their own, which is guarded.
    """
    context = event["requestContext"]
    parameters = event.get("pathParameters") or {}
    headers = {name.lower(): value for name, value in (event.get("headers") or {}).items()}
    named = _named_route(event)
    source, store, topic = (parameters.get(name, "") for name in ("source", "store", "topic"))
    base_url = public_base_url or f"https://{context['domainName']}"
    if source == "web" and not named:
        raise RefusedError(404, "unknown_source")
    path = "/".join((named or "webhooks", *filter(None, ("" if named else source, store, topic))))
    query = event.get("rawQueryString") or ""
    return Delivery(
        source=named.rpartition("/")[2] or source,
        store=store,
        path_topic=topic,
        method=context["http"]["method"],
        url=f"{base_url}/{path}" + (f"?{query}" if query else ""),
        headers=headers,
        body=_body_bytes(event, headers, max_body_bytes),
        received_at=context["timeEpoch"] / 1000,
    )


def _named_route(event: Mapping[str, Any]) -> str:
    """The way to a route whose last word is its source (``consent/staff``, ``web``), or nothing."""
    match = NAMED.match(event.get("routeKey") or "")
    return match[1] if match else ""


def _body_bytes(event: Mapping[str, Any], headers: Mapping[str, str], max_body_bytes: int) -> bytes:
    text = event.get("body") or ""
    encoded = bool(event.get("isBase64Encoded"))
    longest = (max_body_bytes + 2) // 3 * 4 if encoded else max_body_bytes
    if len(text) > longest:
        raise RefusedError(413, "body_too_large")
    if headers.get("content-encoding", "identity").lower() != "identity":
        raise RefusedError(415, "compressed_body")
    try:
        body = b64decode(text, validate=True) if encoded else text.encode()
    except (Base64Error, ValueError) as error:  # a lone surrogate cannot have come over the wire
        raise RefusedError(400, "body_not_base64" if encoded else "body_not_text") from error
    if len(body) > max_body_bytes:
        raise RefusedError(413, "body_too_large")
    return body
