"""Invented rates: near the real ones, moving by day, the same whenever they are asked for.

The holidays are written out, so that the bundle's own calendar meets another's.
"""

from datetime import date
from decimal import Decimal

FIRST = date(2026, 1, 2)
SATURDAY = 5
HOLIDAYS = frozenset(
    map(
        date.fromisoformat,
        (
            *("2025-01-01", "2025-04-18", "2025-04-21", "2025-05-01", "2025-12-25", "2025-12-26"),
            *("2026-01-01", "2026-04-03", "2026-04-06", "2026-05-01", "2026-12-25", "2026-12-26"),
            *("2027-01-01", "2027-03-26", "2027-03-29", "2027-05-01", "2027-12-25", "2027-12-26"),
            *("2028-01-01", "2028-04-14", "2028-04-17", "2028-05-01", "2028-12-25", "2028-12-26"),
        ),
    )
)
_PAIRS = """
USD 1.0842  JPY 163.25  CZK 25.104  DKK 7.4598  GBP 0.83475  HUF 395.20  PLN 4.3098   RON 4.9745  SEK 11.2530
CHF 0.9405  ISK 149.50  NOK 11.7160 TRY 36.4300 AUD 1.6385   BRL 6.1040  CAD 1.4745   CNY 7.8120  HKD 8.4380
IDR 17012.4 ILS 3.9430  INR 91.2150 KRW 1502.30 MXN 21.9480  MYR 4.8340  NZD 1.7860   PHP 62.7350 SGD 1.4430
THB 37.0160 ZAR 19.6240
"""
BASE = dict(zip(_PAIRS.split()[::2], _PAIRS.split()[1::2], strict=True))
"""What one euro is worth, about. As the ECB does, with five or six digits."""


def is_published(day: date) -> bool:
    """Whether there are rates of that day."""
    return day >= FIRST and day.weekday() < SATURDAY and day not in HOLIDAYS


def rates_of(day: date) -> dict[str, str]:
    """A day's rates: at most two per cent off the base, another day other rates."""
    return {currency: _moved(Decimal(base), day, place) for place, (currency, base) in enumerate(BASE.items(), 1)}


def _moved(base: Decimal, day: date, place: int) -> str:
    thousandths = day.toordinal() * (2 * place + 1) % 41 - 20
    return str((base + base * thousandths / 1000).quantize(base))
