"""``import_properties``: advanced properties from a CSV, through the same door as everybody's. A dry run unless told.

A file that cannot be read as a table is refused whole, and the line is named; a row that is wrong is set aside by
itself, and the others go on. The same file again changes nothing.
"""

import csv
import io
import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from commerce_sync.operating.arguments import flag, one_of

COLUMNS = ("email", "phone", "customer_id", "store", "property", "value", "observed_at", "expires_at")
NEEDED = ("property", "value", "observed_at")
TOGETHER = 500
"""Rows a delivery: each is archived, replayed and erased as one."""
MOST_BYTES = 100 * 1024
"""Of a delivery's body: as a message it stays below what a queue takes."""
LONGEST_ROW = 10 * 1024
MOST_SHOWN = 100
Row = dict[str, str | int]


class Rejected(Protocol):
    """Why a row gives no value."""

    @property
    def code(self) -> str: ...  # noqa: D102
    @property
    def path(self) -> str: ...  # noqa: D102
    @property
    def expected(self) -> str: ...  # noqa: D102


@dataclass(frozen=True, slots=True)
class Told:
    """What an owner's body tells: how many values, how many of them have ended already, what is wrong with others."""

    values: int
    ended: int
    wrong: Sequence[Rejected]


Read = Callable[[str, bytes], Told]
Send = Callable[[str, bytes], None]
"""Puts an owner's body on the inbound queue."""


def import_properties(arguments: Mapping[str, Any], owners: list[str], read: Read, send: Send) -> dict[str, Any]:
    """Read ``csv`` as the ``owner`` says it; send it unless it is a dry run.

    :raises ValueError: the table cannot be read; it says where.
    """
    owner = one_of(arguments, "owner", owners)
    bodies = list(_bodies(_rows(str(arguments["csv"]))))
    told = [read(owner, body) for body in bodies]
    rejected = [wrong for one in told for wrong in one.wrong]
    is_dry = flag(arguments, "dry_run") if "dry_run" in arguments else True
    if not is_dry:
        for body in bodies:
            send(owner, body)
    return {
        "would_import" if is_dry else "imported": sum(one.values for one in told),
        "ended_already": sum(one.ended for one in told),
        "rejected": Counter(one.code for one in rejected),
        "reasons": [{"at": one.path, "code": one.code, "expected": one.expected} for one in rejected[:MOST_SHOWN]],
        "deliveries": len(bodies),
    }


def _rows(text: str) -> Iterator[Row]:
    """Rows with the line that each ends on. Empty cells say nothing: a file takes no value back by accident."""
    reader = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), strict=True)
    try:
        header = [name.strip() for name in next(reader, [])]
        _check(header)
        for cells in reader:
            if len(cells) > len(header):
                raise ValueError(f"csv: line {reader.line_num} has more cells than the first line has names")
            named = {name: cell.strip() for name, cell in zip(header, cells, strict=False) if cell.strip()}
            if named:
                yield {**named, "line": reader.line_num}
    except csv.Error as error:
        raise ValueError(f"csv: line {reader.line_num} cannot be read: {error}") from error


def _check(header: Sequence[str]) -> None:
    if unknown := [name for name in header if name not in COLUMNS]:
        raise ValueError(f"csv: the first line names columns; there is no {', '.join(unknown) or 'empty name'}")
    if missing := [name for name in NEEDED if name not in header]:
        raise ValueError(f"csv: the first line lacks {', '.join(missing)}")
    if len(set(header)) != len(header):
        raise ValueError("csv: the first line names a column twice")


def _bodies(rows: Iterable[Row]) -> Iterator[bytes]:
    """Arrays of rows, each as long as a delivery may be."""
    together, size = list[str](), 0
    for row in rows:
        said = json.dumps(row, separators=(",", ":"))
        if len(said) > LONGEST_ROW:
            raise ValueError(f"csv: line {row['line']} is longer than a row can be")
        if len(together) == TOGETHER or size + len(said) > MOST_BYTES:
            yield _array(together)
            together, size = [], 0
        together.append(said)
        size += len(said)
    if together:
        yield _array(together)


def _array(rows: Sequence[str]) -> bytes:
    return f"[{','.join(rows)}]".encode()
