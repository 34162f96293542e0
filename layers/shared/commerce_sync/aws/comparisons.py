"""What comparisons with vendors' own apps found: objects of the archive's bucket, under ``audits/comparisons/``.

They hold order ids, amounts and vendors' record ids, nobody's address; the bucket's rule for ``audits/`` ends them.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from commerce_sync.aws.audits import PREFIX, get_object, put_object

FOLDER = f"{PREFIX}/comparisons"


class Comparisons:
    """Fits :class:`commerce_sync.comparing.looking.Reports`."""

    def __init__(self, bucket: str) -> None:
        self._bucket = bucket

    def report(self, destination: str, store: str, day: str, event: str) -> Mapping[str, Any] | None:
        """What the last look at a day found; None where there was none."""
        found = get_object(self._bucket, report_key(destination, store, day, event))
        report: Mapping[str, Any] | None = None if found is None else json.loads(found)
        return report

    def keep(self, destination: str, store: str, day: str, event: str, report: Mapping[str, Any]) -> None:
        """Write a report, or write it anew."""
        put_object(self._bucket, report_key(destination, store, day, event), json.dumps(report).encode())

    def latest(self) -> Sequence[Mapping[str, Any]]:
        """The figures of the last run, empty before there was one."""
        found = get_object(self._bucket, f"{FOLDER}/latest.json")
        figures: Sequence[Mapping[str, Any]] = [] if found is None else json.loads(found)
        return figures

    def keep_latest(self, figures: Sequence[Mapping[str, Any]]) -> None:
        """The figures of this run, for whoever asks how things stand."""
        put_object(self._bucket, f"{FOLDER}/latest.json", json.dumps(figures).encode())


def report_key(destination: str, store: str, day: str, event: str) -> str:
    """Where a report lies: ``audits/comparisons/klaviyo/shopify:us/2026-11-27/placed_order.json``."""
    return f"{FOLDER}/{destination}/{store}/{day}/{event}.json"
