"""The values of a browser's event: the moment, ids, amounts, and the facts that all of them share."""

import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from decimal import Context, Decimal
from typing import Any, Final

from commerce_sync.contracts import LineItem, Person
from commerce_sync.contracts.currencies import MINOR_UNITS
from commerce_sync.intake.bodies import Id
from commerce_sync.intake.delivery import Delivery, Facts, facts_of
from commerce_sync.intake.fields import event_id, identifier, utc
from commerce_sync.intake.money import ZERO, currency, money
from commerce_sync.intake.properties import properties_of
from commerce_sync.intake.rejections import refuse
from commerce_sync.intake.sums import goods_of, imbalance
from commerce_sync.intake.web.shapes import Head

AHEAD: Final = timedelta(minutes=5)
BEHIND: Final = timedelta(hours=1)
"""How far a browser's clock is believed. It sends at once, so what lies outside is a wrong clock, not an old act."""

_PLAIN: Final = re.compile(r"[A-Za-z0-9 ._~#+/:-]{1,64}").fullmatch
_GLOBAL: Final = re.compile(r"gid://shopify/[A-Za-z]+/").match
_EXACT: Final = Context(prec=15)
"""A JavaScript number is exact to 15 digits; what stands behind them (59.980000000000004) is its arithmetic."""
_MOST: Final = 10_000


def event_facts(
    delivery: Delivery, head: Head, name: str, person: Person, *, by: str, checkout: Id | None = None, **values: Any
) -> Facts:
    """The facts of an event of the shop whose pages these are.

    :param by: who collected it.
    :param checkout: a checkout's token. Of a Shopify shop it makes the id, so that the webhook of the same checkout is
        the same event: nobody can guess one. Elsewhere an id can be, and would take the place of the true event.
    """
    source, _, store = (delivery.store.shop or f"{delivery.source}:{delivery.store.id}").partition(":")
    token = identifier(checkout, "checkout") if checkout is not None and source == "shopify" else None
    at, is_corrected = _moment(head.timestamp, delivery.received_at)
    return facts_of(
        delivery,
        source=source,
        store=store,
        event_id=event_id(source, store, token or f"web-{identifier(head.id, 'id')}", name),
        name=name,
        occurred_at=at,
        person=person,
        properties=properties_of(
            collected_by=by, checkout_token=token, clock="corrected to receipt" if is_corrected else None
        ),
        **values,
    )


def _moment(said: datetime, received_at: datetime | None) -> tuple[datetime, bool]:
    """When it happened, and whether that is the moment of receipt because the browser's clock is wrong."""
    at = utc(said, "timestamp")
    if received_at is None or -BEHIND <= at - received_at <= AHEAD:
        return at, False
    return received_at, True


def plain_id(value: Id | None, path: str) -> str | None:
    """A product's or variant's id, or its SKU. Nothing that reads as a sentence or as markup: anybody may write it."""
    if value is None or value == "":
        return None
    said = identifier(value, path)
    if found := _GLOBAL(said):
        said = said[found.end() :]
    if not _PLAIN(said):
        raise refuse("wrong_type", path, "at most 64 letters, digits and . _ ~ # + / : -")
    return said


def pieces(quantity: int, path: str) -> int:
    """How many."""
    if not 1 <= quantity <= _MOST:
        raise refuse("wrong_type", path, f"a number between 1 and {_MOST}")
    return quantity


def amount(value: object, path: str, code: str) -> Decimal:
    """An amount of at least zero. One that a script computed loses what its arithmetic left behind the digits."""
    said = money(value, path)
    if said < 0:
        raise refuse("bad_money", path, "an amount of zero or more")
    if not isinstance(value, Decimal):
        return said
    said = _EXACT.plus(said)
    rounded = said.quantize(MINOR_UNITS[code])
    return rounded if rounded == said else said


def imbalance_of(value: Decimal, lines: Iterable[LineItem], charges: Decimal, tax: Decimal, code: str) -> str | None:
    """Why the sum does not come out. A browser does not say whether prices include the tax, so it may with or without.

    :param charges: shipping less discounts.
    """
    goods = goods_of(lines)
    return imbalance(value, goods, charges, ZERO, code) and imbalance(value, goods, charges + tax, ZERO, code)


def one_currency(named: Iterable[str | None], fallback: str, path: str) -> str:
    """The currency that all amounts of an event are in: the one it names, else the shop's."""
    codes = set(filter(None, named)) or {fallback}
    if len(codes) > 1:
        raise refuse("unknown_currency", path, "one currency for the whole event")
    return currency(codes.pop(), path)
