"""How far the local stack's backfills are: a line that is rewritten on a terminal, plain lines elsewhere."""

import json
import shutil
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, TextIO

from commerce_sync.backfilling.progress import shown

from local.emulator import aws
from local.stack import Stack

PREFIX = "backfill#"
READ_EVERY, PLAIN_EVERY = 1.0, 15.0
"""Seconds between two looks at the table, and between two plain lines."""
ERASE = "\r\x1b[K"
Runs = Mapping[str, Mapping[str, Any]]


def backfills(stack: Stack) -> Runs:
    """Every backfill there was, by its name, as ``status`` shows it."""
    pages = aws(stack["aws_endpoint_url"], "dynamodb").get_paginator("scan")
    documents = {
        item["name"]["S"].removeprefix(PREFIX): json.loads(item["body"]["S"])
        for page in pages.paginate(TableName=stack["tables"]["control_table"], ConsistentRead=True)
        for item in page["Items"]
        if item["name"]["S"].startswith(PREFIX)
    }
    return {name: shown(document, datetime.now(UTC)) for name, document in sorted(documents.items())}


def running(runs: Runs) -> Runs:
    """Those that are read now. One that is paused waits for a person."""
    return {name: run for name, run in runs.items() if run["state"] == "running"}


def line_of(name: str, run: Mapping[str, Any]) -> str:
    """A run in a line: what, done, about how many left, a minute, and about when it will have finished."""
    said = [f"{run['done']} done"]
    if run["state"] != "running":
        return f"{name}: {run['state']}, {said[0]}" + (f" ({run['because']})" if "because" in run else "")
    why = run.get("left_unknown", "nobody counted")
    said.append(f"{run['left']} left" if run["left"] is not None else f"left unknown ({why})")
    said.append(f"{run['a_minute']:.0f} a minute")
    if run["finishes_at"]:
        said.append(f"until {datetime.fromisoformat(run['finishes_at']):%d %b %H:%M} UTC")
    if waits := run.get("waits"):
        said.append(f"waits: {waits['why']}")
    return f"{name}: {', '.join(said)}"


class Progress:
    """Shows what is running, and once how each ended that was seen running. Silent while there is none."""

    def __init__(self, read: Callable[[], Runs], out: TextIO, now: Callable[[], float] = time.monotonic) -> None:
        self._read, self._out, self._now = read, out, now
        self._seen: set[str] = set()
        self._read_at = self._said_at = float("-inf")
        self._is_line_open = False

    def look(self) -> bool:
        """Look, but not too often, and show; whether any was running at the last look."""
        if self._now() - self._read_at >= READ_EVERY:
            self._read_at = self._now()
            runs = self._read()
            self._show(runs, running(runs))
        return bool(self._seen)

    def close(self) -> None:
        """Leave the line as it stands."""
        if self._is_line_open:
            self._write("\n")
        self._is_line_open = False

    def _show(self, runs: Runs, now_running: Runs) -> None:
        ended = [line_of(name, runs[name]) for name in sorted(self._seen - set(now_running)) if name in runs]
        self._seen = set(now_running)
        lines = [line_of(name, run) for name, run in now_running.items()]
        erase = ERASE if self._is_line_open else ""
        self._write(erase + "".join(f"{line}\n" for line in ended))
        self._is_line_open = False
        if lines and self._out.isatty():
            width = shutil.get_terminal_size().columns - 1
            self._write(" | ".join(lines)[:width])
            self._is_line_open = True
        elif lines and self._now() - self._said_at >= PLAIN_EVERY:
            self._said_at = self._now()
            self._write("".join(f"{line}\n" for line in lines))

    def _write(self, text: str) -> None:
        if text:
            self._out.write(text)
            self._out.flush()
