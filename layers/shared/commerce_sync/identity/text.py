"""What every identifier goes through first: invisible characters out, placeholders refused."""

import unicodedata

PLACEHOLDERS = frozenset({"", "null", "none", "nil", "n/a", "na", "nan", "undefined", "unknown", "-", "--", ".", "0"})


def visible(raw: str) -> str:
    """NFC text without format and control characters (zero width, byte order mark, direction marks), trimmed.

    They go first: one that stands between a letter and its accent would keep them apart.
    """
    kept = "".join(char for char in raw if unicodedata.category(char) not in {"Cf", "Cc"})
    return unicodedata.normalize("NFC", kept).strip()


def is_placeholder(text: str) -> bool:
    """Whether a field says that there is nothing in it. A placeholder is not an identifier."""
    return text.casefold() in PLACEHOLDERS
