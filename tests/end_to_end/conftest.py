"""The deployed template on a stack of the tests' own, beside whatever stack is up."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from local.places import ROOT
from local.stack import Stack


def run_local(folder: Path, *arguments: str, timeout: float = 600) -> subprocess.CompletedProcess[str]:
    """One command of the local stack, its state in a folder of its own."""
    environment = {**os.environ, "LOCAL_STACK_FOLDER": str(folder), "PYTHONPATH": str(ROOT / "layers" / "shared")}
    command = [sys.executable, "-m", "local", *arguments]
    return subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=timeout, check=False
    )


@pytest.fixture(scope="module")
def stack_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the stack keeps its state."""
    return tmp_path_factory.mktemp("stack")


@pytest.fixture(scope="module")
def stack(stack_folder: Path) -> Iterator[Stack]:
    """A stack that is up, and down at the end."""
    up = run_local(stack_folder, "up")
    try:
        assert up.returncode == 0, up.stdout + up.stderr
        description: Stack = json.loads((stack_folder / "stack.json").read_text())
        yield description
    finally:
        run_local(stack_folder, "down")
