"""Where samples of contacts are kept: objects of the archive's bucket, under ``audits/samples/``.

They hold codes, keyed hashes and HubSpot's record ids, nobody's address and no value; the bucket's rule for ``audits/``
ends them.
"""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from commerce_sync.aws.audits import PREFIX, get_object, put_object
from commerce_sync.contracts.samples import SampleFigures

FOLDER = f"{PREFIX}/samples"
LATEST = f"{FOLDER}/latest.json"


class Samples:
    """Reports by run: a line of figures, then a row for each field that is not alike."""

    def __init__(self, bucket: str) -> None:
        self._bucket = bucket

    def keep(self, figures: SampleFigures, rows: Iterable[Mapping[str, Any]]) -> SampleFigures:
        """Write a report, or write it anew; the figures with where it lies.

        The pointer to the latest goes last, and never back to an older run.
        """
        told = figures.model_copy(update={"report": report_key(figures.run_id)})
        lines = [told.model_dump_json(), *(json.dumps(row, separators=(",", ":")) for row in rows)]
        put_object(self._bucket, told.report, "\n".join(lines).encode())
        latest = self.latest()
        if latest is None or latest.run_id <= told.run_id:
            put_object(self._bucket, LATEST, told.model_dump_json().encode())
        return told

    def latest(self) -> SampleFigures | None:
        """The figures of the last sample; None before there was one."""
        found = get_object(self._bucket, LATEST)
        return None if found is None else SampleFigures.model_validate_json(found)


def report_key(run_id: str) -> str:
    """Where a report lies: ``audits/samples/20261129T094700Z.jsonl``."""
    return f"{FOLDER}/{run_id}.jsonl"
