"""Lists that are read item by item, and the sum of an order that must come out."""

from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Final, TypeVar
from zlib import crc32

import msgspec

from commerce_sync.contracts import LineItem
from commerce_sync.contracts.currencies import MINOR_UNITS
from commerce_sync.intake.rejections import RejectedError

S = TypeVar("S")
R = TypeVar("R")

_ENCODER: Final = msgspec.json.Encoder()


def read_each(items: Iterable[S], read: Callable[[S], R], name: str) -> tuple[R, ...]:
    """Each item of a body's list read by itself; what is refused says which one it was."""
    made: list[R] = []
    try:
        for item in items:
            made.append(read(item))  # noqa: PERF401 - its length says which one was refused
    except RejectedError as error:
        raise error.inside(f"{name}[{len(made)}]") from error
    return tuple(made)


def price_of(line: LineItem) -> Decimal:
    """A line's price before discounts."""
    return line.unit_price if line.quantity == 1 else line.unit_price * line.quantity


def goods_of(lines: Iterable[LineItem]) -> Decimal:
    """What lines cost before discounts."""
    return sum(map(price_of, lines), Decimal(0))


def line_total(line: LineItem) -> Decimal:
    """What the buyer owes for one line, before tax that is added on top."""
    return price_of(line) - line.discount if line.discount else price_of(line)


def imbalance(value: Decimal, goods: Decimal, charges: Decimal, tip: Decimal, currency: str) -> str | None:
    """Why the lines and charges do not sum to the value, or None where they do within one minor unit.

    :param goods: the lines' prices before discounts.
    :param charges: tax that is not in the prices, shipping, duties and fees, less discounts.
    :param tip: some bodies carry a tip as a line as well, so the sum may come out with it or without it.
    """
    gap = value - charges - goods
    if not gap:
        return None
    unit = MINOR_UNITS[currency]
    if abs(gap) <= unit or (tip and abs(gap - tip) <= unit):
        return None
    return f"the total differs by {gap - tip:f} {currency} from lines, discounts, tax, shipping and fees"


def checksum(part: object) -> str:
    """A short digest that is the same for the same values, however their body was laid out.

    A checksum is enough: it only ever parts two bodies of one order and one moment.
    """
    return f"{crc32(_ENCODER.encode(part)):08x}"
