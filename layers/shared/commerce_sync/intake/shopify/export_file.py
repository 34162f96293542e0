"""The file of Shopify's order export (CSV): its table becomes orders, and nothing of one that cannot be read."""

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

_LINES: Final = re.compile(rb"[^\n]*\n|[^\n]+").finditer
_NEEDED: Final = ("Name", "Id", "Currency", "Total", "Subtotal", "Created at", "Lineitem quantity", "Lineitem price")
_USED: Final = (
    *(*_NEEDED, "Email", "Phone", "Billing Name", "Billing Phone", "Billing Country", "Financial Status"),
    *("Paid at", "Fulfillment Status", "Fulfilled at", "Cancelled at", "Shipping", "Taxes", "Discount Amount"),
    *("Refunded Amount", "Duties", "Lineitem name", "Lineitem sku"),
)
Row = Mapping[str, str]
"""A line of an order, its cells by column; the first one of an order says all of it."""


def orders_in(export: bytes) -> Iterator[Mapping[str, Any]]:
    """The orders of an export as bodies of its topic, in its order, with no column that is not used.

    It becomes text line by line: one symbol in a whole text would make every letter of it four bytes.

    :raises ValueError: it is no order export of Shopify's, or no table: says which column or which line. Nothing of it
        is sure then, so whoever sends orders on reads all of it before.
    """
    ended, of_one = dict[str | None, bool](), list[Row]()
    for row in _rows(export):
        if of_one and _is_of(of_one[0], row):
            of_one.append(row)
            continue
        if of_one:
            yield {"rows": of_one}
        name, says_all = row.get("Name"), "Id" in row
        if name in ended and not (says_all and ended[name]):
            raise ValueError(f"the rows of {name} stand apart, and none of them says all: export it again")
        ended[name] = says_all
        of_one = [row]
    if of_one:
        yield {"rows": of_one}


def _is_of(first: Row, row: Row) -> bool:
    """Whether a row is another line of an order. Names may be given twice, ids are not."""
    return row.get("Name") == first.get("Name") and row.get("Id", first.get("Id")) == first.get("Id")


def _rows(export: bytes) -> Iterator[Row]:
    reader = csv.reader(_lines(export), strict=True)
    try:
        header = next(reader, [])
        _check(header)
        places = [(name, header.index(name)) for name in _USED if name in header]
        cells, is_ended = header, export.endswith((b"\n", b"\r"))
        for cells in reader:
            if len(cells) > len(header):
                raise ValueError(f"line {reader.line_num} has more cells than the first line has names")
            if cells:
                yield {name: cells[at] for name, at in places if at < len(cells) and cells[at]}
        if len(cells) < len(header) and not is_ended:
            raise ValueError(f"line {reader.line_num} is cut off")
    except csv.Error as error:
        raise ValueError(f"line {reader.line_num} cannot be read: {error}") from error


def _lines(export: bytes) -> Iterator[str]:
    for number, line in enumerate(_LINES(export), 1):
        try:
            yield line[0].decode("utf-8-sig" if number == 1 else "utf-8")
        except UnicodeDecodeError:
            raise ValueError(f"line {number} is not in UTF-8") from None


def _check(header: Sequence[str]) -> None:
    if missing := [name for name in _NEEDED if name not in header]:
        raise ValueError(f"the export has no column {', '.join(missing)}")
    if twice := [name for name in _USED if header.count(name) > 1]:
        raise ValueError(f"the first line names {', '.join(twice)} twice")
