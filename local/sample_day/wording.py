"""How numbers are written for a reader."""

from collections import Counter
from collections.abc import Iterable


def several(number: int, one: str, many: str = "") -> str:
    """``1 order`` and ``2 orders``. ``many`` is the plural where it is not the singular with an s."""
    return f"{number} {one if number == 1 else many or one + 's'}"


def line(number: int, text: str) -> str:
    """One line of a table."""
    return f"  {number:5d}  {text}"


def table(counts: Counter[str]) -> list[str]:
    """Lines, the largest number first."""
    return [line(number, name) for name, number in _largest_first(counts.items())]


def money(cents: int, currency: str) -> str:
    """As people write it: yen have no decimals."""
    return f"{cents / 100:,.{0 if currency == 'JPY' else 2}f} {currency}"


def _largest_first(items: Iterable[tuple[str, int]]) -> list[tuple[str, int]]:
    return sorted(items, key=lambda item: (-item[1], item[0]))
