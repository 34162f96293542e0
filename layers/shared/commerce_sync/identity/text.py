"""What every field goes through first: what nobody sees out, full-width forms to plain ones, placeholders known."""

import tomllib
import unicodedata
from functools import cache
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
JOINERS = "\u200c\u200d"
"""Zero width (non-)joiner: invisible dirt in most scripts, letters of a domain in Persian or Sinhala (RFC 5892)."""
BLANKS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180e\u180f\u2800\u3164\uffa0") | {
    chr(code) for span in (range(0xFE00, 0xFE10), range(0xE0100, 0xE01F0)) for code in span
}
"""Characters that are no format characters by category, but show nothing: fillers, variation selectors."""
NARROW = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
"""Full-width letters, digits and signs, as East Asian keyboards type them, to their plain forms."""


def visible(raw: str, keep: str = "") -> str:
    """NFC text without what nobody sees (zero width, byte order mark, direction marks, controls), narrow and trimmed.

    Invisible characters go first: one that stands between a letter and its accent would keep them apart. White space
    stays, line ends too, because it separates. ``keep`` names characters that stay although nobody sees them.
    """
    if raw.isascii() and raw.isprintable():
        return raw.strip()
    kept = "".join(char for char in raw if char in keep or not _unseen(char))
    return unicodedata.normalize("NFC", kept.translate(NARROW)).strip()


def _unseen(char: str) -> bool:
    return char in BLANKS or (unicodedata.category(char) in {"Cf", "Cc"} and not char.isspace())


@cache
def words(kind: str) -> dict[str, frozenset[str]]:
    """The word lists of one kind of field, from ``words.toml`` beside this module."""
    lists: dict[str, Any] = tomllib.loads((HERE / "words.toml").read_text(encoding="utf-8"))[kind]
    return {name: frozenset(entries) for name, entries in lists.items()}
