"""Where a duplicate audit keeps what it read and what it found: objects of the archive's bucket, under ``audits/``.

They hold vendors' record ids and keyed hashes, are encrypted with the bucket and expire by its rule for that prefix.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from botocore.exceptions import ClientError

from commerce_sync.aws.clients import client
from commerce_sync.contracts.duplicates import PlannedMerge
from commerce_sync.errors import PermanentError

PREFIX = "audits"


class Audits:
    """Spooled parts and reports of runs in ``audits/<run>/<system>/``; figures in ``audits/latest-<system>.json``."""

    def __init__(self, bucket: str) -> None:
        self._bucket = bucket

    def keep_part(self, run_id: str, system: str, name: str, lines: str) -> None:
        """Spool lines. The same name again overwrites."""
        put_object(self._bucket, f"{_folder(run_id, system)}/parts/{name}", lines.encode())

    def lines(self, run_id: str, system: str) -> Iterator[bytes]:
        """Every line that a run spooled, one object in memory at a time."""
        for key in keys_below(self._bucket, f"{_folder(run_id, system)}/parts/"):
            yield from (get_object(self._bucket, key) or b"").splitlines()

    def parts(self, run_id: str, system: str) -> Mapping[str, int]:
        """The parts of a run by key, each with its size in bytes. Empty where they have expired."""
        pages = client("s3").get_paginator("list_objects_v2")
        below = pages.paginate(Bucket=self._bucket, Prefix=f"{_folder(run_id, system)}/parts/")
        return {entry["Key"]: int(entry["Size"]) for page in below for entry in page.get("Contents", [])}

    def part(self, key: str) -> Sequence[bytes]:
        """The lines of one part."""
        return (get_object(self._bucket, key) or b"").splitlines()

    def is_finished(self, run_id: str, system: str) -> bool:
        """Whether a run's report is there."""
        key = report_key(run_id, system)
        return key in keys_below(self._bucket, key)

    def keep_report(self, figures: Mapping[str, Any], groups: Iterable[Mapping[str, Any]]) -> None:
        """Store a report: a line with its figures, then one a group.

        It is written last: a run that died before is grouped again, to the same end. The pointer to the latest report
        never goes back to an older run.
        """
        run_id, system = str(figures["run_id"]), str(figures["system"])
        key = report_key(run_id, system)
        latest = self.latest(system)
        if latest is None or latest["run_id"] <= run_id:
            put_object(self._bucket, _latest_key(system), _json({**figures, "report": key}))
        put_object(self._bucket, key, b"\n".join(map(_json, [figures, *groups])))

    def latest(self, system: str) -> Mapping[str, Any] | None:
        """The figures of a system's latest run, and under ``report`` the key of the whole."""
        found = get_object(self._bucket, _latest_key(system))
        figures: Mapping[str, Any] | None = None if found is None else json.loads(found)
        return figures

    def groups(self, key: str) -> Iterator[Mapping[str, Any]]:
        """The groups of a report, one by one.

        :raises PermanentError: it is not there any more.
        """
        try:
            body = client("s3").get_object(Bucket=self._bucket, Key=key)["Body"]
        except ClientError as error:
            if error.response["Error"]["Code"] == "NoSuchKey":
                raise PermanentError("the report is gone: the next audit writes another") from error
            raise
        yield from map(json.loads, islice(body.iter_lines(), 1, None))


class MergeNotes:
    """What became of merges in one system: ``audits/merges/<system>/<state>/<other>.json``.

    A merge is ``begun`` before it is asked for, ``accepted`` when the system said yes, ``done`` when identity knows.
    """

    def __init__(self, bucket: str, system: str) -> None:
        self._bucket = bucket
        self._folder = f"{PREFIX}/merges/{system}"

    def begun(self) -> Iterator[PlannedMerge]:
        """Merges that were begun, accepted or not, and neither finished nor dropped."""
        for key in keys_below(self._bucket, f"{self._folder}/begun/"):
            found = get_object(self._bucket, key)
            if found is not None:
                yield PlannedMerge.model_validate_json(found)

    def is_accepted(self, merge: PlannedMerge) -> bool:
        """Whether the system said yes to just this merge."""
        return self._has("accepted", merge)

    def is_done(self, merge: PlannedMerge) -> bool:
        """Whether just this merge was carried out."""
        return self._has("done", merge)

    def begin(self, merge: PlannedMerge) -> None:
        """Note that it is about to happen."""
        self._put("begun", merge)

    def accept(self, merge: PlannedMerge) -> None:
        """Note that the system said yes."""
        self._put("accepted", merge)

    def finish(self, merge: PlannedMerge) -> None:
        """Note that it happened. A crash between the writes has it settled once more."""
        self._put("done", merge)
        self.drop(merge)

    def drop(self, merge: PlannedMerge) -> None:
        """Forget that it was accepted, then that it was begun: what is accepted is always begun too."""
        for state in ("accepted", "begun"):
            client("s3").delete_object(Bucket=self._bucket, Key=self._key(state, merge))

    def _has(self, state: str, merge: PlannedMerge) -> bool:
        found = get_object(self._bucket, self._key(state, merge))
        return found is not None and PlannedMerge.model_validate_json(found).survivor == merge.survivor

    def _put(self, state: str, merge: PlannedMerge) -> None:
        put_object(self._bucket, self._key(state, merge), merge.model_dump_json().encode())

    def _key(self, state: str, merge: PlannedMerge) -> str:
        return f"{self._folder}/{state}/{merge.other}.json"


def report_key(run_id: str, system: str) -> str:
    """Where a run's report lies."""
    return f"{_folder(run_id, system)}/report.jsonl"


def put_object(bucket: str, key: str, body: bytes) -> None:
    """Write an object, or write it anew."""
    client("s3").put_object(Bucket=bucket, Key=key, Body=body)


def get_object(bucket: str, key: str) -> bytes | None:
    """An object's bytes; None where there is none."""
    try:
        body: bytes = client("s3").get_object(Bucket=bucket, Key=key)["Body"].read()
    except ClientError as error:
        if error.response["Error"]["Code"] == "NoSuchKey":
            return None
        raise
    return body


def keys_below(bucket: str, prefix: str) -> Iterator[str]:
    """Every key that begins so, in the order of their texts."""
    for page in client("s3").get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix):
        yield from (entry["Key"] for entry in page.get("Contents", []))


def _folder(run_id: str, system: str) -> str:
    return f"{PREFIX}/{run_id}/{system}"


def _latest_key(system: str) -> str:
    return f"{PREFIX}/latest-{system}.json"


def _json(value: Mapping[str, Any]) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode()
