"""What a verified body may not be before anything in it is believed."""

from typing import Final

import jiter

from commerce_sync.intake.catalogue import Code
from commerce_sync.intake.rejections import Rejection, reject

#: jiter names a fault only in words; these are its words, and a test holds them.
_WORDS: Final[tuple[tuple[str, Code], ...]] = (
    ("Detected duplicate key", "duplicate_key"),
    ("recursion limit exceeded", "too_deep"),
)


def screen(body: bytes) -> Rejection | None:
    """The reason not to read this body at all, or None.

    Refused are bodies that are not UTF-8 (a byte order mark is not JSON either, RFC 8259 section 8.1), not JSON,
    nested deeper than jiter's limit, that hold NaN or Infinity, or that name a field twice in one object:
    parsers disagree on which of the two counts, so a signature over such a body vouches for nothing.
    """
    try:
        jiter.from_json(body, catch_duplicate_keys=True, allow_inf_nan=False)
    except ValueError as error:
        return reject(_code(body, str(error)), expected="JSON in UTF-8")
    return None


def _code(body: bytes, message: str) -> Code:
    for words, code in _WORDS:
        if message.startswith(words):
            return code
    try:
        body.decode()
    except UnicodeDecodeError:
        return "not_utf8"
    return "not_a_number" if _reads_with_nan(body) else "not_json"


def _reads_with_nan(body: bytes) -> bool:
    """Whether NaN and Infinity are all that is wrong with the body."""
    try:
        jiter.from_json(body, allow_inf_nan=True)
    except ValueError:
        return False
    return True
