"""Hashes of the consent ledger: of a record's origin, of an entry after the one before it, of many chains at once.

Everything that is joined is length-prefixed, so that no two fields can run together into the text of two others.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256
from typing import Any

from commerce_sync.contracts.consent_ledger import Leaf, Stored

LARGEST = 2**53
"""Beyond it, RFC 8785 writes numbers as others do not."""
DOMAIN = "consent entry 1"
PLAIN = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), sort_keys=True)
"""Writes the same form, ten times as fast, where names are ASCII and values are texts and numbers."""


def canonical(value: Any) -> bytes:
    """JSON in the one form of RFC 8785: no spaces, names sorted as UTF-16, UTF-8.

    :raises ValueError: it holds something that has no such form here: a fraction, a number beyond 2^53, half a
        surrogate pair.
    """
    return (PLAIN.encode(value) if _is_plain(value) else _text(value)).encode()


def record_id_of(tenant: str, source: str, store: str, statement_id: str, *parts: str) -> str:
    """The id of the record that a statement becomes: the same for a second delivery. Hex.

    ``parts`` tell apart what one statement says of several things: a channel, an address's key, a purpose.
    """
    return _digest(tenant, source, store, statement_id, *parts)


def entry_hash(previous: str, entry: Stored) -> str:
    """The hash of an entry as it is stored, after the hash before it (hex; empty for the first)."""
    return sha256(joined([DOMAIN.encode(), previous.encode(), canonical(entry)])).hexdigest()


def merkle_root(leaves: Sequence[Leaf]) -> str:
    """The root over chains' ends, as RFC 6962 builds it. Hex."""
    level = [sha256(b"\0" + canonical(list(leaf))).digest() for leaf in leaves]
    while len(level) > 1:
        pairs = [sha256(b"\1" + level[at] + level[at + 1]).digest() for at in range(0, len(level) - 1, 2)]
        level = pairs + level[len(pairs) * 2 :]
    return (level[0] if level else sha256(b"").digest()).hex()


def joined(parts: Iterable[bytes]) -> bytes:
    """Parts, each after its length in eight bytes."""
    return b"".join(len(part).to_bytes(8, "big") + part for part in parts)


def _digest(*parts: str) -> str:
    return sha256(joined(part.encode("utf-8", "surrogatepass") for part in parts)).hexdigest()


def _is_plain(value: Any) -> bool:
    """Whether it is built as what we store is: texts, numbers within bounds, lists, and maps with ASCII names."""
    kind = type(value)
    if kind is str:
        return True
    if kind is int:
        return bool(-LARGEST <= value <= LARGEST)
    if kind in {list, tuple}:
        return all(map(_is_plain, value))
    return kind is dict and all(type(name) is str and name.isascii() for name in value) and _is_plain([*value.values()])


def _text(value: Any) -> str:
    if isinstance(value, Mapping):
        names = sorted(value, key=lambda name: name.encode("utf-16-be"))
        return "{" + ",".join(f"{_text(name)}:{_text(value[name])}" for name in names) + "}"
    if isinstance(value, list | tuple):
        return "[" + ",".join(map(_text, value)) + "]"
    if isinstance(value, float) or (isinstance(value, int) and abs(value) > LARGEST):
        raise ValueError("a number without a canonical form")
    if value is None or isinstance(value, str | int):
        return json.dumps(value, ensure_ascii=False)
    raise ValueError(f"a {type(value).__name__} has no canonical form")
