"""Where a baseline keeps what it saw and what it found: objects of the archive's bucket in ``audits/baseline/<run>/``.

They hold vendors' record ids and keyed hashes, are encrypted with the bucket and expire by its rule for that prefix.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, Final

from commerce_sync.aws.audits import PREFIX, get_object, keys_below, put_object
from commerce_sync.aws.clients import client

FOLDER: Final = f"{PREFIX}/baseline"
Seen = tuple[str, str, str, str, tuple[str, ...]]


class BaselineSpool:
    """Parts, and the report's lists: ``seen/<system>/``, ``undated/``, ``<kind>.jsonl``, ``report.json``."""

    def __init__(self, bucket: str) -> None:
        self._bucket = bucket

    def keep_seen(self, run_id: str, system: str, name: str, seen: Sequence[Sequence[Any]]) -> None:
        """Keep a part of what a system shows."""
        put_object(self._bucket, f"{FOLDER}/{run_id}/seen/{system}/{name}", _lines(seen))

    def seen(self, run_id: str, system: str) -> Iterator[Seen]:
        """All that a system shows, one part in memory at a time."""
        for key in keys_below(self._bucket, f"{FOLDER}/{run_id}/seen/{system}/"):
            for line in (get_object(self._bucket, key) or b"").splitlines():
                found, channel, record, shows, marks = json.loads(line)
                yield found, channel, record, shows, tuple(marks)

    def keep_undated(self, run_id: str, name: str, keys: Sequence[str]) -> None:
        """Keep address keys of opt-outs without a time."""
        put_object(self._bucket, f"{FOLDER}/{run_id}/undated/{name}", "\n".join(keys).encode())

    def undated(self, run_id: str, after: str | None) -> Iterator[tuple[str, Sequence[str]]]:
        """Parts of those keys behind a part, in the order of their names."""
        folder = f"{FOLDER}/{run_id}/undated/"
        for key in keys_below(self._bucket, folder):
            name = key.removeprefix(folder)
            if after is None or name > after:
                yield name, (get_object(self._bucket, key) or b"").decode().split()

    def keep_rows(self, run_id: str, kind: str, rows: Iterable[Mapping[str, Any]]) -> None:
        """Keep one list of the report."""
        put_object(self._bucket, f"{FOLDER}/{run_id}/{kind}.jsonl", _lines(rows))

    def rows(self, run_id: str, kind: str, most: int) -> list[Mapping[str, Any]]:
        """The first rows of a list; none where there is no such list."""
        key = f"{FOLDER}/{run_id}/{kind}.jsonl"
        if key not in keys_below(self._bucket, key):
            return []
        body = client("s3").get_object(Bucket=self._bucket, Key=key)["Body"]
        return list(map(json.loads, islice(body.iter_lines(), most)))

    def keep_figures(self, run_id: str, figures: Mapping[str, Any]) -> None:
        """Keep the report's figures: last, since they say that the report is whole."""
        put_object(self._bucket, f"{FOLDER}/{run_id}/report.json", json.dumps(figures).encode())


def folder_of(run_id: str) -> str:
    """Where a run's report lies."""
    return f"{FOLDER}/{run_id}/"


def _lines(values: Iterable[Any]) -> bytes:
    return b"\n".join(json.dumps(value, separators=(",", ":")).encode() for value in values)
