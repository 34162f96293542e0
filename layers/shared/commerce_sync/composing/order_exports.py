"""``import_orders``: a store's own export of orders goes the way that its webhooks go, as history."""

import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from itertools import batched, islice
from typing import Any, Final

from commerce_sync.aws.archive import Archive
from commerce_sync.composing.polling_envelopes import Found, Telling
from commerce_sync.config.stores import configured_stores
from commerce_sync.contracts import Store
from commerce_sync.intake import translate
from commerce_sync.intake.shopify.export_file import orders_in
from commerce_sync.intake.shopify.exported import TOPIC
from commerce_sync.operating.arguments import flag, one_of, whole_number

IMPORTS: Final = "imports/"
"""Where an export lies in the archive's bucket."""
AT_ONCE: Final = 100
MOST_ORDERS: Final = 10_000_000
Arguments = Mapping[str, Any]


def import_orders(
    archive_bucket: str, inbound_url: str, arguments: Arguments, may_go_on: Callable[[], bool]
) -> dict[str, Any]:
    """Send every order of an export on its way; only say what would become of it unless ``dry_run`` is false.

    ``csv`` is its text, or ``key`` says where in the archive's bucket it lies. It is read to its end before anything is
    sent, and then order by order: a long one is held in memory once. Importing one twice is harmless: the
    same order is the same delivery, and its events have its webhooks' ids. Where time runs short ``next`` says with
    which order (counted from 1) to go on: give it as ``begin``.
    """
    store = configured_stores()["shopify", one_of(arguments, "store", _stores())]
    is_dry = flag({"dry_run": True} | dict(arguments), "dry_run")
    begin = whole_number(arguments, "begin", unless_said=1, most=MOST_ORDERS)
    export = _export(archive_bucket, arguments)
    orders = sum(1 for _ in orders_in(export))
    telling = Telling(store, inbound_url, archive_bucket, lambda: datetime.now(UTC), topic=TOPIC, by="export")
    events, set_aside, done = Counter[str](), Counter[str](), 0
    for some in batched(map(_encoded, islice(orders_in(export), begin - 1, None)), AT_ONCE):
        if not may_go_on():
            break
        told, refused = _outcome(store, some)
        events += told
        set_aside += refused
        if not is_dry:
            telling([Found("", body, None) for body in some])
        done += len(some)
    following = begin + done if begin + done <= orders else None
    return {
        "orders": orders,
        "would_send" if is_dry else "sent": done,
        "events": dict(events),
        "set_aside": dict(set_aside),
        "next": following,
    }


def _outcome(store: Store, bodies: Sequence[bytes]) -> tuple[Counter[str], Counter[str]]:
    """What orders become: events by name, and what is set aside by code."""
    translations = [translate(store.source, TOPIC, store, body) for body in bodies]
    return (
        Counter(event.name for one in translations for event in one.events),
        Counter(rejection.code for one in translations for rejection in one.rejections),
    )


def _export(bucket: str, arguments: Arguments) -> bytes:
    if ("csv" in arguments) == ("key" in arguments):
        raise ValueError("either csv or key says what to import")
    if "csv" in arguments:
        return str(arguments["csv"]).encode()
    key = str(arguments["key"])
    if not key.startswith(IMPORTS):
        raise ValueError(f"key begins with {IMPORTS}")
    return Archive(bucket).file(key)


def _encoded(body: Mapping[str, Any]) -> bytes:
    return json.dumps(body, separators=(",", ":")).encode()


def _stores() -> list[str]:
    return [store for source, store in configured_stores() if source == "shopify"]
