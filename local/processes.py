"""Starts and stops the stack's own processes, each by the id it was started with."""

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from local.places import LOOPBACK, PROCESSES_FILE, ROOT, STATE

PATIENCE = 60.0
SCRATCH = STATE / "tmp"


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as sock:
        sock.bind((LOOPBACK, 0))
        return int(sock.getsockname()[1])


def start(name: str, command: Sequence[str], environment: Mapping[str, str]) -> None:
    """Start a process in a session of its own, with a clean environment, its output in ``.local/<name>.log``."""
    STATE.mkdir(parents=True, exist_ok=True)
    with (STATE / f"{name}.log").open("wb") as log:
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    running = _read()
    running[name] = process.pid
    PROCESSES_FILE.write_text(json.dumps(running))


def stop_all() -> None:
    """Stop every process that :func:`start` noted, and what it started; forget them."""
    for process_id in _read().values():
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process_id, signal.SIGTERM)
    for process_id in _read().values():
        _wait_for_end(process_id)
    PROCESSES_FILE.unlink(missing_ok=True)
    shutil.rmtree(SCRATCH, ignore_errors=True)


def wait_until(ready: Callable[[], bool], what: str) -> None:
    """Poll until something holds.

    :raises TimeoutError: it never did; names the log to read.
    """
    deadline = time.monotonic() + PATIENCE
    while not ready():
        if time.monotonic() > deadline:
            raise TimeoutError(f"{what} did not start in {PATIENCE:.0f} s: see .local/*.log")
        time.sleep(0.05)


def scratch_folder() -> Path:
    """A temporary folder of the stack's own, so that what the emulator leaves behind goes with it."""
    shutil.rmtree(SCRATCH, ignore_errors=True)
    SCRATCH.mkdir(parents=True)
    return SCRATCH


def _wait_for_end(process_id: int) -> None:
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        with contextlib.suppress(ChildProcessError):
            os.waitpid(process_id, os.WNOHANG)
        try:
            os.killpg(process_id, 0)
        except (ProcessLookupError, PermissionError):
            return
        time.sleep(0.05)
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process_id, signal.SIGKILL)


def _read() -> dict[str, int]:
    if not PROCESSES_FILE.exists():
        return {}
    running: dict[str, int] = json.loads(PROCESSES_FILE.read_text())
    return running
