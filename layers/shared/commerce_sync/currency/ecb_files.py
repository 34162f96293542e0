"""The ECB's files of reference rates: ``Cube`` elements with a time, holding ``Cube`` elements with currency and rate.

Shapes as the ECB publishes them: eurofxref-daily.xml (one day), eurofxref-hist-90d.xml and eurofxref-hist.xml (all days
since 1999). A document type is refused before anything in it is read, and with it every entity.
"""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Final, NoReturn
from xml.parsers import expat

from commerce_sync.errors import PermanentError

CUBE: Final = "http://www.ecb.int/vocabulary/2002-08-01/eurofxref Cube"


def read_rates(document: bytes) -> Mapping[date, Mapping[str, Decimal]]:
    """What one euro was worth, by day and ISO 4217 code; the oldest day first.

    :raises PermanentError: it is no such file, or holds a day or a rate that cannot be one: nothing of it is used.
    """
    reader = _Reader()
    parser = expat.ParserCreate("UTF-8", " ")
    parser.StartDoctypeDeclHandler = _refuse_document_type
    parser.StartElementHandler = reader.start
    try:
        parser.Parse(document, True)  # noqa: FBT003 # the parser's own word for the last piece
    except expat.ExpatError as error:
        raise PermanentError(f"ecb: no XML at line {error.lineno}") from None
    if not reader.days or not all(reader.days.values()):
        raise PermanentError("ecb: a file without rates")
    return dict(sorted(reader.days.items()))


class _Reader:
    """Collects days as their elements open."""

    def __init__(self) -> None:
        self.days: dict[date, dict[str, Decimal]] = {}
        self._day: dict[str, Decimal] | None = None

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        if name != CUBE:
            return
        if "time" in attributes:
            self._day = self.days.setdefault(_day(attributes["time"]), {})
        elif "currency" in attributes:
            self._take(attributes["currency"], attributes.get("rate", ""))

    def _take(self, currency: str, text: str) -> None:
        if self._day is None or currency in self._day:
            raise PermanentError("ecb: a rate without a day, or twice")
        self._day[currency] = _rate(text)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise PermanentError("ecb: a day that is no date") from None


def _rate(text: str) -> Decimal:
    try:
        rate = Decimal(text)
    except InvalidOperation:
        raise PermanentError("ecb: a rate that is no number") from None
    if not rate.is_finite() or rate <= 0:
        raise PermanentError("ecb: a rate that is not above zero")
    return rate


def _refuse_document_type(*_: object) -> NoReturn:
    raise PermanentError("ecb: a document type is refused")
