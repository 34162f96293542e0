"""Phone fields as people fill them: which texts in a field are numbers, without extensions and remarks."""

import re
import unicodedata
from collections.abc import Callable
from functools import cache
from urllib.parse import unquote

from commerce_sync.identity.text import visible, words

LONGEST = 250
"""Characters of a field that is looked at: what libphonenumber takes."""
URI = "tel:"
CONTEXT = ";phone-context="
NOT_DIALLED = re.compile(r"^[^\d+]*")
PERHAPS_BETWEEN = re.compile(r"[/,]")
"""Signs that stand between two numbers and inside one: ``030/901820``."""
FLOAT = re.compile(r"(\+?\d{7,15})\.0+")
"""What spreadsheets and data frames make of a number."""


def numbers_in(raw: str, read: Callable[[str], str | None]) -> str | None:
    """The one number in a field, read by ``read``; None where there are different ones, or none."""
    text = _plain(raw)
    if CONTEXT in text:
        return read(text)
    found = {_one(part, read) for part in _with_digits(_between().split(text))}
    return found.pop() if len(found) == 1 else None


def _one(text: str, read: Callable[[str], str | None]) -> str | None:
    """The number in a text whose slashes and commas may belong to it.

    The whole is a number only where its first part alone is none: of ``030 901820/21`` nobody can say what it means.
    """
    parts = [NOT_DIALLED.sub("", _extension().sub("", part)) for part in _with_digits(PERHAPS_BETWEEN.split(text))]
    found = [_remarked(part, read) for part in parts]
    if len(set(found)) == 1 and found[0]:
        return found[0]
    return _remarked(" ".join(parts), read) if len(parts) > 1 and found[0] is None else None


def _remarked(text: str, read: Callable[[str], str | None]) -> str | None:
    """Read a number as it stands (the letters may be dialled), else without a remark such as ``(mobile)`` behind it."""
    found = read(text)
    return found if found or text.isdigit() else read(_remark().sub("", text))


def _plain(raw: str) -> str:
    """A field's text with plain digits and dashes and without an extension; empty where it cannot be a number."""
    text = visible(raw) if len(raw) <= LONGEST else ""
    if "@" in text:
        return ""
    if not text.isascii():
        text = "".join(map(_plain_character, text))
    if text[: len(URI)].lower() == URI:
        text = unquote(text[len(URI) :])
        return text if CONTEXT in text else text.partition(";")[0]
    match = FLOAT.fullmatch(text)
    return match[1] if match else _extension().sub("", text)


def _plain_character(char: str) -> str:
    if char.isdecimal():
        return str(unicodedata.decimal(char))
    return {"Pd": "-", "Zs": " "}.get(unicodedata.category(char), char)


def _with_digits(parts: list[str]) -> list[str]:
    return [part for part in parts if any(map(str.isdigit, part))]


@cache
def _extension() -> re.Pattern[str]:
    """An extension at the end, or several: ``ext. 12``, ``x302/x303``, ``poste 12``, ``;ext=12``, ``#12``, ``,,12``."""
    sign = rf"(?:(?<![^\W\d_])(?:{_any_of('extensions')})\.?|[#~]|,,)"
    return re.compile(rf"(?:[ ,;/(\[.-]{{0,4}}{sign}[ .:=#-]{{0,4}}\d{{1,7}}#?[ )\]]{{0,2}}){{1,3}}$", re.IGNORECASE)


@cache
def _remark() -> re.Pattern[str]:
    return re.compile(rf"[ (\[:.-]{{0,4}}(?<![^\W\d_])(?:{_any_of('remarks')})[ .)\]]{{0,2}}$", re.IGNORECASE)


@cache
def _between() -> re.Pattern[str]:
    """What can only stand between two numbers: a sign, a word, a line end, or the next number's own plus."""
    return re.compile(
        rf"[;|&\t\n\r\v\f\u2028\u2029、؛،]|(?<=[\s\d)])(?:{_any_of('between')})(?=[\s\d(+])|(?<=\d)\s*(?=\+)",
        re.IGNORECASE,
    )


def _any_of(kind: str) -> str:
    return "|".join(sorted(map(re.escape, words("phone")[kind]), key=len, reverse=True))
