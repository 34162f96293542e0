"""Vendor bodies are read with msgspec: unknown fields are skipped, and money keeps the digits it was written with."""

import re
from decimal import Decimal, InvalidOperation
from typing import Final, TypeVar

import msgspec

from commerce_sync.intake.rejections import RejectedError, Rejection, refuse, reject
from commerce_sync.intake.screening import screen

T = TypeVar("T")

#: An id as bodies give it; :func:`commerce_sync.intake.fields.identifier` makes it text.
Id = int | str

_ENCODER: Final = msgspec.json.Encoder()
_MISSING: Final = re.compile(r"Object missing required field `(\w+)`")
_A_TIME: Final = "a time like 2026-11-01T09:30:00Z"
_WORDS: Final = {
    "int": "a whole number",
    "float": "a number",
    "str": "text",
    "bool": "true or false",
    "array": "a list",
    "object": "named fields",
    "datetime": _A_TIME,
    "null": "nothing",
}
_KIND: Final = re.compile("|".join(_WORDS))
_EXPECTED: Final = re.compile(r"Expected (.+?)(?:, got `(\w+)`)?$")


def _exact(number: str) -> Decimal | str:
    """A JSON number with the digits it was written with; one beyond all numbers stays text, and is no money."""
    try:
        return Decimal(number)
    except InvalidOperation:
        return number


def decoder_of(shape: type[T]) -> msgspec.json.Decoder[T]:
    """A decoder for a vendor's shape. Fields typed ``object`` keep numbers exact (``Decimal``)."""
    return msgspec.json.Decoder(shape, float_hook=_exact)


def decode(decoder: msgspec.json.Decoder[T], body: bytes | msgspec.Raw) -> T:
    """The body in the vendor's shape.

    :raises RejectedError: the body is not JSON, or not of that shape.
    """
    try:
        return decoder.decode(body)
    except msgspec.ValidationError as error:
        raise RejectedError(_misshapen(str(error))) from error
    except RecursionError as error:
        raise refuse("too_deep") from error
    except ValueError as error:  # msgspec.DecodeError and UnicodeDecodeError
        raise RejectedError(screen(bytes(body)) or reject("not_json", expected="JSON in UTF-8")) from error


def shaped(shape: type[T], value: object, name: str = "") -> T:
    """A value that was decoded already, in the vendor's shape; ``name`` is where it stands, if that is said here.

    :raises RejectedError: it is not of that shape.
    """
    try:
        _ENCODER.encode(value)
        return msgspec.convert(value, shape)
    except UnicodeEncodeError as error:
        raise refuse("not_utf8", name, "text that can be written in UTF-8") from error
    except RecursionError as error:
        raise refuse("too_deep", name) from error
    except msgspec.ValidationError as error:
        misshapen = RejectedError(_misshapen(str(error)))
        raise (misshapen.inside(name) if name else misshapen) from error


def _misshapen(message: str) -> Rejection:
    """Msgspec's message as a rejection: the path and the expected type, and nothing that stood in the body."""
    fault, _, place = message.partition(" - at `$")
    path = place.rstrip("`").removeprefix(".")
    if missing := _MISSING.match(fault):
        return reject("missing_field", f"{path}.{missing[1]}".removeprefix("."), "a value")
    if "RFC3339" in fault:
        return reject("bad_time", path, _A_TIME)
    expected = _EXPECTED.match(fault)
    if expected is None:
        return reject("wrong_type", path, "a number of ordinary size")
    return reject("missing_field" if expected[2] == "null" else "wrong_type", path, _in_words(expected[1]))


def _in_words(kinds: str) -> str:
    """Msgspec's kinds as words: ``int | str | null`` is a whole number, text or nothing."""
    *others, last = (_KIND.sub(lambda kind: _WORDS[kind[0]], said) for said in kinds.replace("`", "").split(" | "))
    return f"{', '.join(others)} or {last}" if others else last
