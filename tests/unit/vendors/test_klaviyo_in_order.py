"""Klaviyo's rows since a moment: page by page by time, and by id where a page has no more than one time."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, cast

from commerce_sync.vendors.http import Answer, VendorHttp
from commerce_sync.vendors.klaviyo import KlaviyoPolling
from commerce_sync.vendors.klaviyo.polling import SUPPRESSED

START = datetime(2026, 11, 2, 9, tzinfo=UTC)
Times = dict[str, list[datetime]]


class Suppressed:
    """An account of suppressed profiles, two a page, whose links go by position. ``meanwhile`` follows each page."""

    def __init__(self, times: Times, sorts: Callable[[list[datetime]], datetime] = max) -> None:
        self.times, self.sorts = times, sorts
        self.meanwhile: list[Callable[[], object]] = []
        self.asked: list[str] = []

    def call(self, method: str, path: str, body: Any = None, params: Mapping[str, str] | None = None) -> Answer:
        """A first page."""
        assert (method, path, body) == ("GET", "/api/profiles", None)
        asked = dict(params or {})
        name, _, since = asked["filter"].removesuffix(")").partition(",")
        assert name == f"greater-or-equal({SUPPRESSED}"
        self.asked.append(asked["sort"])
        return self._page(since, asked["sort"], 0)

    def follow(self, link: str, path: str) -> Answer:
        """What a link leads to."""
        assert path == "/api/profiles"
        since, sort, position = link.split("|")
        return self._page(since, sort, int(position))

    def _page(self, since: str, sort: str, position: int) -> Answer:
        moment = datetime.fromisoformat(since)
        shown = {row: some for row, times in self.times.items() if (some := [at for at in times if at >= moment])}
        rows = sorted(shown, key=lambda row: (self.sorts(shown[row]) if sort == SUPPRESSED else START, row))
        page = [_profile(row, self.times[row]) for row in rows[position : position + 2]]
        for act in self.meanwhile[:1]:
            act()
        del self.meanwhile[:1]
        following = f"{since}|{sort}|{position + 2}" if rows[position + 2 :] else None
        return Answer(200, {"data": page, "links": {"next": following}})


def _profile(row: str, times: list[datetime]) -> Mapping[str, Any]:
    shown = [{"reason": "USER_SUPPRESSED", "timestamp": at.isoformat()} for at in times]
    marketing = {"consent": "SUBSCRIBED", "suppression": shown}
    return {"id": row, "attributes": {"subscriptions": {"email": {"marketing": marketing}}}}


def found(account: Suppressed) -> list[str]:
    """Who is read, in the order of the first sight."""
    polling, cursor = KlaviyoPolling(cast("VendorHttp", account)), None
    seen: list[str] = []
    for _ in range(50):
        rows, cursor = polling.suppressed_since(START, cursor)
        seen += [str(row["id"]) for row in rows]
        if cursor is None:
            return list(dict.fromkeys(seen))
    raise AssertionError("it goes on for ever")


def test_who_is_unsuppressed_while_pages_are_read_hides_nobody() -> None:
    """Everybody behind moves up, and a link by position would pass over one of them."""
    account = Suppressed({f"p{one}": [START + timedelta(minutes=one)] for one in range(7)})
    account.meanwhile = [lambda: account.times.pop("p0")]
    assert found(account) == [f"p{one}" for one in range(7)]


def test_many_who_were_suppressed_at_one_time_are_read_by_their_ids() -> None:
    """As an upload of addresses does it, before and after others."""
    same = {f"p{one}": [START + timedelta(minutes=5)] for one in range(1, 8)}
    account = Suppressed({"p0": [START], **same, "p8": [START + timedelta(minutes=9)]})
    assert found(account) == [f"p{one}" for one in range(9)]
    assert account.asked[-1] == "id"


def test_several_suppressions_of_one_profile_hide_nobody_whichever_sorts() -> None:
    """Nobody says whether the first or the last one does."""
    times = {f"p{one}": [START + timedelta(minutes=one), START + timedelta(hours=1, minutes=-one)] for one in range(9)}
    for sorts in (min, max):
        assert set(found(Suppressed(times, sorts))) == set(times)
