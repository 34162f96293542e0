"""Which stores may send, read without the models that validated the same file when it was built."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

STORES = Path(__file__).parent.parent / "config" / "stores.toml"


@cache
def known_stores(path: Path = STORES) -> frozenset[tuple[str, str]]:
    """Every configured (source, store)."""
    return frozenset((store["source"], store["id"]) for store in _configured(path))


@cache
def origins_of(store: str, path: Path = STORES) -> frozenset[str]:
    """The origins from which a shop's pages may send web events; none where the store is not known."""
    ours = (one for one in _configured(path) if (one["source"], one["id"]) == ("web", store))
    return frozenset(origin for one in ours for origin in one["origins"])


@cache
def _configured(path: Path) -> list[dict[str, Any]]:
    stores: list[dict[str, Any]] = tomllib.loads(path.read_text())["store"]
    return stores
