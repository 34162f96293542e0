"""Three stores' lists of orders as models behind their real clients: paged by id, by time, and by place.

Rows of one second, rows that change or go while pages are read, a list that lags, a clock that is off.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any, cast

from commerce_sync.composing.polling_envelopes import Found
from commerce_sync.composing.polling_orders import LATENESS, OrderSource, rule_of
from commerce_sync.contracts import Store
from commerce_sync.errors import RetriableError
from commerce_sync.polling.missing import Shown
from commerce_sync.vendors.bigcommerce import BigCommerce, BigCommerceOrders
from commerce_sync.vendors.changed import ChangedRecord
from commerce_sync.vendors.http import Answer
from commerce_sync.vendors.shopify import Shopify, ShopifyOrders
from commerce_sync.vendors.woocommerce import WooCommerce, WooCommerceOrders

from tests.fakes.order_book import OrderBookInMemory
from tests.unit.polling.search_models import World

PAGE = 3
PATIENCE = timedelta(hours=1)
OVERLAP = timedelta(minutes=10)
LATEST = timedelta(minutes=9)
"""The list's lag, at most: less than what a source allows for."""


@dataclass
class Shop:
    """Orders by id: when each was changed, when the list shows it, and how often it was."""

    world: World
    skew: timedelta = timedelta(0)
    rows: dict[int, tuple[datetime, datetime, int]] = field(default_factory=dict)
    versions: int = 0
    patience: timedelta = PATIENCE
    meanwhile: list[int] = field(default_factory=list)
    gone: list[int] = field(default_factory=list)
    pauses: int = 0

    def change(self, row: int, late: float) -> None:
        """An order changes now, by the store's clock, to the second; the list shows it a share of the lag later."""
        self.versions += 1
        stamped = (self.world.at + self.skew).replace(microsecond=0)
        self.rows[row] = (stamped, self.world.at + late * LATEST, self.versions)

    def listed(self, _path: str, params: Mapping[str, str]) -> Any:
        """Shopify's list: changed at or after a moment, behind an id, by id."""
        self._before()
        since, after = datetime.fromisoformat(params["updated_at_min"]), int(params["since_id"])
        found = sorted(row for row in self._shown(since) if row > after)[: int(params["limit"])]
        answer = [
            {"id": row, "updated_at": self.rows[row][0].isoformat(), "version": self.rows[row][2]} for row in found
        ]
        self._after()
        return {"orders": answer}

    def call(self, _method: str, _path: str, params: Mapping[str, str]) -> Answer:
        """BigCommerce's list: changed at or after a moment, by that time or by id; 204 where it is empty."""
        self._before()
        found = self._shown(datetime.fromisoformat(params["min_date_modified"]))
        by_time = params["sort"] == "date_modified:asc"
        rows = sorted(found, key=lambda row: (self.rows[row][0], row)) if by_time else sorted(found)
        part = [row for row in rows if row >= int(params.get("min_id", 0))][: int(params["limit"])]
        answer = [
            {"id": row, "date_modified": format_datetime(self.rows[row][0]), "version": self.rows[row][2]}
            for row in part
        ]
        self._after()
        return Answer(200, answer) if answer else Answer(204, None)

    def placed(self, params: Mapping[str, str]) -> Answer:
        """WooCommerce's list: changed after a moment, by id, from a place on, and how many there are."""
        self._before()
        since = datetime.fromisoformat(params["modified_after"]).replace(tzinfo=UTC)
        rows = sorted(row for row in self._shown(since) if self.rows[row][0] > since)
        offset = int(params["offset"])
        answer = [
            {"id": row, "date_modified_gmt": self.rows[row][0].replace(tzinfo=None).isoformat(), "version": version}
            for row in rows[offset : offset + int(params["per_page"])]
            for version in [self.rows[row][2]]
        ]
        self._after()
        return Answer(200, answer, {"X-WP-Total": str(len(rows))})

    def wanted(self) -> set[str]:
        """Every order in its last version."""
        return {f"{row} {version}" for row, (_, _, version) in self.rows.items()}

    def _shown(self, since: datetime) -> list[int]:
        return [row for row, (at, shown, _) in self.rows.items() if at >= since and shown <= self.world.at]

    def _before(self) -> None:
        self.world.step()
        if self.pauses:
            self.pauses -= 1
            raise RetriableError("slow down")

    def _after(self) -> None:
        """Something happens between two pages."""
        if self.meanwhile:
            self.world.at += timedelta(seconds=1)
            self.change(self.meanwhile.pop(), 0)
        if self.gone:
            self.rows.pop(self.gone.pop(), None)


def source_of(shop: Shop, platform: str, *, is_wide: bool = True) -> OrderSource:
    """The source that the function makes, in front of a model; ``is_wide`` whether it looks far back once a day."""
    world = shop.world

    def tell(found: Sequence[Found]) -> None:
        for one in found:
            world.step()
            world.said.append(one.body.decode())
        world.step()

    rule = rule_of(platform, OVERLAP, shop.patience)
    if not is_wide:
        rule = type(rule)(rule.overlap, lag=rule.lag)
    return OrderSource(
        store=Store(source=platform, id="model"),
        rule=rule,
        patience=shop.patience,
        read=_reader(shop, platform),
        found=_found,
        book=OrderBookInMemory(),
        tell=tell,
        tally=lambda _missed: None,
        now=world.now,
    )


@dataclass
class WordPress:
    """The model as WooCommerce's client calls it."""

    shop: Shop

    def call(self, _method: str, _path: str, params: Mapping[str, str]) -> Answer:
        """A list of orders."""
        return self.shop.placed(params)


def lateness(platform: str) -> timedelta:
    """How far back is looked once a day."""
    return LATENESS[platform]


def _reader(shop: Shop, platform: str) -> Callable[[datetime, str | None], tuple[list[ChangedRecord], str | None]]:
    if platform == "shopify":
        return ShopifyOrders(cast("Shopify", shop), PAGE).modified_since
    if platform == "woocommerce":
        return WooCommerceOrders(cast("WooCommerce", WordPress(shop)), PAGE).modified_since
    return BigCommerceOrders(cast("BigCommerce", shop), PAGE).modified_since


def _found(order: ChangedRecord) -> Found:
    at = order.modified_at or datetime.now(UTC)
    body = f"{order.record_id} {order.body['version']}".encode()
    return Found(f"model:{order.record_id}", body, Shown(at, None, proves=True))
