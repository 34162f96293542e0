"""Which stores may send, read without the models that validated the same file when it was built."""

import tomllib
from functools import cache
from pathlib import Path

STORES = Path(__file__).parent.parent / "config" / "stores.toml"


@cache
def known_stores(path: Path = STORES) -> frozenset[tuple[str, str]]:
    """Every configured (source, store)."""
    configured = tomllib.loads(path.read_text())["store"]
    return frozenset((store["source"], store["id"]) for store in configured)
