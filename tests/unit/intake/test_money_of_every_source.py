"""Every source, every currency: lines, discounts, tax and shipping come to the total, to the minor unit and no further.

The order history is reference data that stands beside this project; where it is absent that test is skipped.
"""

import csv
import os
from decimal import Decimal
from pathlib import Path

import pytest
from commerce_sync.contracts.currencies import MINOR_UNITS
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.intake.priced import TOLD_BY, Priced, placed_by

ROOT = Path(__file__).parents[3]
HISTORY = (ROOT / os.environ.get("REFERENCE_DATA", "../shared") / "data" / "cdnow_transactions.csv").resolve()
NOTHING = Decimal(0)
AMOUNTS = st.integers(0, 10**7)
LINES = st.lists(st.tuples(AMOUNTS, st.integers(1, 99)), min_size=1, max_size=4)


def test_there_are_currencies_of_every_size() -> None:
    """Yen have no decimals, dollars two, dinars three, the unidad de fomento four."""
    sizes = {code: -int(MINOR_UNITS[code].as_tuple().exponent) for code in ("JPY", "USD", "KWD", "CLF")}
    assert sizes == {"JPY": 0, "USD": 2, "KWD": 3, "CLF": 4}
    assert {-int(unit.as_tuple().exponent) for unit in MINOR_UNITS.values()} == {0, 2, 3, 4}


@pytest.mark.parametrize("code", sorted(MINOR_UNITS))
@settings(max_examples=5, deadline=None)
@given(LINES, AMOUNTS, AMOUNTS, AMOUNTS)
def test_an_order_comes_to_its_total_in_every_currency_at_every_source(
    code: str, lines: list[tuple[int, int]], discount: int, tax: int, shipping: int
) -> None:
    """No digit is lost on the way, and a total that is two units off is told with the reason."""
    unit = MINOR_UNITS[code]
    goods = sum(price * quantity for price, quantity in lines)
    units = min(discount, goods), tax, shipping
    priced = Priced(code, tuple((price * unit, quantity) for price, quantity in lines), *(one * unit for one in units))
    for source in TOLD_BY:
        placed = placed_by(source, priced)
        assert (placed.value, placed.currency, placed.imbalance) == (priced.total, code, None), source
        assert (placed.discount, placed.shipping) == (priced.discount, priced.shipping), source
        assert placed_by(source, priced, priced.total + unit).imbalance is None, source
        off = placed_by(source, priced, priced.total + 2 * unit)
        assert off.value == priced.total + 2 * unit, source
        assert f"differs by {2 * unit:f} {code}" in off.imbalance, source


@pytest.mark.long
@pytest.mark.skipif(not HISTORY.is_file(), reason="reference data is absent: set REFERENCE_DATA to its folder")
def test_every_order_of_a_real_history_comes_to_its_total() -> None:
    """What 23,570 people bought in eighteen months, told by one source after the other: CDs at one price, rounded up to
    the cent, less what that was too much. Counts and the sum are those that the history's own description states.
    """
    sources, orders, revenue, discs = list(TOLD_BY), 0, NOTHING, 0
    with HISTORY.open(newline="") as file:
        for row in csv.DictReader(file):
            value, quantity = Decimal(row["dollar_value"]), int(row["number_of_cds"])
            price = -(-int(value * 100) // quantity) * Decimal("0.01")
            priced = Priced("USD", ((price, quantity),), price * quantity - value, NOTHING, NOTHING)
            placed = placed_by(sources[orders % len(sources)], priced)
            assert (placed.value, placed.imbalance) == (value, None), row
            orders, revenue, discs = orders + 1, revenue + placed.value, discs + placed.line_items[0].quantity
    assert (orders, revenue, discs) == (69_659, Decimal("2500315.63"), 167_881)
