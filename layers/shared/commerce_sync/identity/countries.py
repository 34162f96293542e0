"""Countries as ISO 3166-1 alpha-2 codes, from codes and from names as people and forms write them."""

import unicodedata
from functools import cache

from commerce_sync.identity.text import HERE, visible

LONGEST = 100
ALIASES = {"UK": "GB", "EL": "GR"}
"""Codes in daily use that ISO 3166-1 reserves for others' habits: the United Kingdom's, and the EU's for Greece."""
EXPANDED = {"st": "saint", "ste": "sainte", "rep": "republic", "dem": "democratic", "is": "islands"}
DROPPED = frozenset({"the", "of", "and"})


def normalize_country(raw: str) -> str | None:
    """The alpha-2 code of an alpha-2 or alpha-3 code or of a name, or None. Never raises.

    A code wins over a placeholder that looks like it: ``NA`` is Namibia and ``NO`` is Norway, ``N/A`` and ``None`` are
    nothing. Case, accents, punctuation and the order of the words do not matter (``Korea (Republic of)``). A name with
    its own code beside it (``Germany (DE)``) is that country; with another's, nobody knows.
    """
    if len(raw) > LONGEST:
        return None
    text = visible(raw).strip(" .,;:()[]\"'")
    if len(text) <= 3 and text.isascii() and (code := _codes().get(text.upper())):  # noqa: PLR2004 # alpha-3
        return code
    key = folded(text)
    return _names().get(key) or _beside_its_code(key)


def country_name(code: str) -> str | None:
    """The English name of an alpha-2 code, as Klaviyo's documents write countries (``Spain``), if there is one."""
    return _english().get(code)


def folded(name: str) -> str:
    """A name without case, accents, punctuation, filling words and order: the key that it is looked up by."""
    letters = unicodedata.normalize("NFKD", name.casefold())
    kept = (char for char in letters if not unicodedata.combining(char) and char not in ".'’`ʻ")  # noqa: RUF001 # apostrophes
    tokens = "".join(char if char.isalnum() else " " for char in kept).split()
    return " ".join(sorted(EXPANDED.get(token, token) for token in tokens if token not in DROPPED))


def _beside_its_code(key: str) -> str | None:
    tokens = key.split()
    for token in tokens:
        if (code := _codes().get(token.upper())) and token.isascii():
            rest = " ".join(other for other in tokens if other != token)
            if _names().get(rest) == code:
                return code
    return None


@cache
def _codes() -> dict[str, str]:
    return {form: code for code, alpha3, _ in _rows() for form in (code, alpha3)} | ALIASES


@cache
def _names() -> dict[str, str]:
    return {folded(visible(name)): code for code, _, names in _rows() for name in names.split(" | ")}


@cache
def _english() -> dict[str, str]:
    return {code: names.partition(" | ")[0] for code, _, names in _rows()}


@cache
def _rows() -> tuple[tuple[str, str, str], ...]:
    lines = (HERE / "country_names.tsv").read_text(encoding="utf-8").splitlines()
    rows = (line.split("\t") for line in lines if not line.startswith("#"))
    return tuple((code, alpha3, names) for code, alpha3, names in rows)
