"""What importing does, tried in a fresh interpreter: source text cannot show what a library does."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.imports import FUNCTIONS, LAYER, shipped_modules

LOADER = """
import importlib, importlib.util, json, sys
def refuse(event, _arguments):
    if event in {"socket.connect", "socket.getaddrinfo", "socket.sendto"}:
        raise SystemExit(f"{event} at import time")
sys.addaudithook(refuse)
top, names, paths = json.loads(sys.argv[1])
sys.path.insert(0, top)
before = set(sys.modules)
for name in names:
    importlib.import_module(name)
for path in paths:
    spec = importlib.util.spec_from_file_location("app", path)
    spec.loader.exec_module(importlib.util.module_from_spec(spec))
print(json.dumps(sorted({name.split(".")[0] for name in set(sys.modules) - before})))
"""


def _import(names: list[str], paths: list[Path]) -> set[str]:
    """Import modules by name and by path in an interpreter without an environment; returns what came along."""
    arguments = json.dumps([str(LAYER.parent), names, [str(path) for path in paths]])
    command = [sys.executable, "-c", LOADER, arguments]
    ended = subprocess.run(command, env={}, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr
    return set(json.loads(ended.stdout))


def test_the_layer_imports_without_an_environment_or_a_network() -> None:
    """A missing variable is found by the first request, which can say so; not by an import, which cannot."""
    names = [module.name for module in shipped_modules() if module.part != "functions"]

    assert "commerce_sync" in _import(names, [])


@pytest.mark.parametrize("path", sorted(FUNCTIONS.glob("*/app.py")), ids=lambda path: path.parent.name)
def test_a_function_imports_without_an_environment_or_a_network(path: Path) -> None:
    """A cold start opens nothing before its first event."""
    assert "commerce_sync" in _import([], [path])


def test_the_public_edge_brings_nothing_but_the_standard_library() -> None:
    """Not even something that its imports import: the intake starts in milliseconds."""
    names = [module.name for module in shipped_modules() if module.part == "webhooks"]

    assert _import(names, []) - sys.stdlib_module_names == {"commerce_sync"}
