"""A person's text as words that can be compared: whatever its case, width, accents, spacing, emoji or hidden signs."""

import html
import re
import unicodedata

UNSEEN = frozenset("\u115f\u1160")
"""Letters by name that show nothing: Hangul's fillers."""
APOSTROPHES = frozenset("'`\u2018\u2019\u201b\u02b9\u02bc\u2032")
LONGEST = 10_000
"""Characters that are read of a text, half of them from its end."""

_ENTITY = re.compile(r"&#?\w{1,32};")
_LATIN = "abcdefghijklmnopqrstuvwxyz"
_LETTERS = {chr(first + place): letter for first in (0x1F150, 0x1F170, 0x1F1E6) for place, letter in enumerate(_LATIN)}
_FIGURES = dict(zip("013457$@", "oieastsa", strict=True))
_CYRILLIC = dict(
    zip(
        "\u0430\u0432\u0435\u043a\u043c\u043d\u043e\u0440\u0441\u0442\u0443\u0445\u0455\u0456",
        "abekmhopctyxsi",
        strict=True,
    )
)
_GREEK = dict(zip("\u03b1\u03b5\u03b9\u03ba\u03bd\u03bf\u03c1\u03c4\u03c5", "aeikvoptu", strict=True))
_SMALL_CAPITALS = dict(
    zip(
        "\u1d00\u0299\u1d04\u1d05\u1d07\ua730\u0262\u029c\u026a\u1d0a\u1d0b\u029f\u1d0d\u0274\u1d0f\u1d18"
        "\u0280\ua731\u1d1b\u1d1c\u1d20\u1d21\u028f\u1d22",
        "abcdefghijklmnoprstuvwyz",
        strict=True,
    )
)
LOOKALIKES = str.maketrans({**_LETTERS, **_FIGURES, **_CYRILLIC, **_GREEK, **_SMALL_CAPITALS})
"""Signs that are drawn like Latin letters, or used for them."""


def words_of(text: str) -> str:
    """The text's words in small letters, one space between them.

    In this order: HTML's entities as their signs, NFKC, case folded, NFD without combining marks, format characters
    (zero width) and apostrophes dropped, everything else that is neither letter nor digit a space.
    """
    plain = unicodedata.normalize("NFD", unicodedata.normalize("NFKC", _unescaped(_cut(text))).casefold())
    return " ".join("".join(map(_sign, plain)).split())


def undisguised(text: str) -> str:
    """The words once more, with what looks like a Latin letter read as one, and letters that were held down as one."""
    return re.sub(r"(.)\1{2,}", r"\1", words_of(_unescaped(_cut(text)).casefold().translate(LOOKALIKES)))


def _sign(character: str) -> str:
    if character in UNSEEN:
        return ""
    if character.isalnum():
        return character
    category = unicodedata.category(character)
    return "" if category[0] == "M" or category == "Cf" or character in APOSTROPHES else " "


def _unescaped(text: str) -> str:
    """With the signs for which HTML's entities stand; what only begins like one stays."""
    return _ENTITY.sub(lambda found: html.unescape(found[0]), text) if "&" in text else text


def _cut(text: str) -> str:
    half = LONGEST // 2
    return text if len(text) <= LONGEST else f"{text[:half]}\n{text[-half:]}"
