"""The files, byte for byte in the ECB's shape: one day, ninety days, all days."""

from collections.abc import Iterable
from datetime import date
from itertools import islice

from flask import Flask, Response

from local.sandboxes.ecb.published import FIRST
from local.sandboxes.ecb.state import NINETY_DAYS, EcbState

HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<gesmes:Envelope xmlns:gesmes="http://www.gesmes.org/xml/2002-08-01" \
xmlns="http://www.ecb.int/vocabulary/2002-08-01/eurofxref">
\t<gesmes:subject>Reference rates</gesmes:subject>
\t<gesmes:Sender>
\t\t<gesmes:name>European Central Bank</gesmes:name>
\t</gesmes:Sender>
\t<Cube>
"""
TAIL = "\t</Cube>\n</gesmes:Envelope>\n"


def mount(app: Flask, state: EcbState) -> None:
    """Add the files. Every other path answers 404."""

    def daily() -> Response:
        return _answer(state, islice(state.days(FIRST), 1))

    def ninety_days() -> Response:
        return _answer(state, state.days(state.newest() - NINETY_DAYS))

    def history() -> Response:
        return _answer(state, state.days(FIRST))

    for name, view in (("daily", daily), ("hist-90d", ninety_days), ("hist", history)):
        app.add_url_rule(f"/stats/eurofxref/eurofxref-{name}.xml", name, view)


def _answer(state: EcbState, days: Iterable[date]) -> Response:
    body = state.settings.document or HEAD + "".join(_cube(state, day) for day in days) + TAIL
    return Response(body, mimetype="text/xml")


def _cube(state: EcbState, day: date) -> str:
    rates = state.rates(day)
    lines = (f'\t\t\t<Cube currency="{currency}" rate="{rate}"/>\n' for currency, rate in rates.items())
    return f'\t\t<Cube time="{day}">\n{"".join(lines)}\t\t</Cube>\n'
