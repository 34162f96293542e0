"""Vendors are called over clients that draw on the shared budgets, and over no others."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
MAKERS = {"klaviyo", "hubspot", "shopify", "bigcommerce", "woocommerce", "recharge"}
"""What :mod:`commerce_sync.vendors.factory` makes sessions with."""


def modules() -> Iterator[Path]:
    """All that runs in a function, but the vendors' own package."""
    for path in [*(ROOT / "functions").rglob("*.py"), *(ROOT / "layers/shared/commerce_sync").rglob("*.py")]:
        if "vendors" not in path.parts:
            yield path


def makes_sessions(path: Path) -> bool:
    """Whether a module has the factory, or one of what it makes sessions with, at hand."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and node.module:
            names = {one.name for one in node.names}
            if node.module == "commerce_sync.vendors" and "factory" in names:
                return True
            if node.module == "commerce_sync.vendors.factory" and names & MAKERS:
                return True
        elif isinstance(node, ast.Import) and any(
            one.name.startswith("commerce_sync.vendors.fac") for one in node.names
        ):
            return True
    return False


def test_sessions_are_made_in_one_place() -> None:
    """Whoever makes one elsewhere makes calls that nobody counts."""
    places = [path for path in modules() if makes_sessions(path)]
    assert [path.relative_to(ROOT).as_posix() for path in places] == [
        "layers/shared/commerce_sync/composing/clients.py"
    ]
