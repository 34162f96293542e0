"""Reference rates by day, one item a day. Rates are kept as the text that was published."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from commerce_sync.aws.clients import client
from commerce_sync.aws.marshalling import from_item, to_item

SERIES = "ecb"
SCHEMA_VERSION = 1


class RatesTable:
    """Fits :class:`commerce_sync.currency.taking.RateStore`."""

    def __init__(self, table: str) -> None:
        self._table = table

    def newest(self) -> date | None:
        """The newest day that is kept."""
        found = client("dynamodb").query(
            **self._of_series("series = :series", {}), ScanIndexForward=False, Limit=1, ConsistentRead=True
        )["Items"]
        return _day(found[0]) if found else None

    def between(self, first: date, last: date) -> Mapping[date, Mapping[str, Decimal]]:
        """The days that are kept from one to another, both included."""
        condition = "series = :series AND rate_day BETWEEN :first AND :last"
        values = {":first": first.isoformat(), ":last": last.isoformat()}
        pages = (
            client("dynamodb")
            .get_paginator("query")
            .paginate(**self._of_series(condition, values), ConsistentRead=True)
        )
        return {_day(item): _rates(item) for page in pages for item in page["Items"]}

    def keep(self, day: date, rates: Mapping[str, Decimal]) -> None:
        """Keep one day's rates; keeping them again changes nothing."""
        item = {
            "series": SERIES,
            "rate_day": day.isoformat(),
            "rates": {currency: str(rate) for currency, rate in rates.items()},
            "schema_version": SCHEMA_VERSION,
        }
        client("dynamodb").put_item(TableName=self._table, Item=to_item(item))

    def _of_series(self, condition: str, values: Mapping[str, str]) -> dict[str, Any]:
        return {
            "TableName": self._table,
            "KeyConditionExpression": condition,
            "ExpressionAttributeValues": to_item({":series": SERIES, **values}),
        }


def _day(item: Mapping[str, Any]) -> date:
    return date.fromisoformat(item["rate_day"]["S"])


def _rates(item: Mapping[str, Any]) -> Mapping[str, Decimal]:
    return {currency: Decimal(text) for currency, text in from_item(dict(item))["rates"].items()}
