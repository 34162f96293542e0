"""Lists of any length are read, a while at a time."""

from dataclasses import dataclass, field
from typing import Any

import pytest
from commerce_sync.errors import PausedError, RetriableError
from commerce_sync.vendors.http import Answer
from commerce_sync.vendors.hubspot.lists import MINUTES, HubSpotLists


@dataclass
class SlowHubSpot:
    """One member a page; each call takes so long, and those of ``fails`` (counted from 1) are not answered."""

    members: int
    seconds: float = 3.0
    fails: frozenset[int] = frozenset()
    at: float = 0.0
    calls: list[str] = field(default_factory=list)

    def call(self, _method: str, _path: str, _body: None, asked: dict[str, str]) -> Answer:
        """A page."""
        self.at += self.seconds
        place = int(asked.get("after", "0"))
        self.calls.append(str(place))
        if len(self.calls) in self.fails:
            raise RetriableError("hubspot gave no answer (ReadTimeout)")
        more: dict[str, Any] = {"next": {"after": str(place + 1)}} if place + 1 < self.members else {}
        return Answer(200, {"results": [{"recordId": str(500 + place)}], "paging": more})


def lists_of(hubspot: SlowHubSpot) -> HubSpotLists:
    """One list."""
    return HubSpotLists(hubspot, ["41"], now=lambda: hubspot.at)  # type: ignore[arg-type] # a fake


def test_a_long_list_is_read_on_where_it_was_left() -> None:
    """No page is asked for twice but one that was not answered; nobody is said to be on no list meanwhile."""
    hubspot = SlowHubSpot(10, fails=frozenset({6}))
    lists = lists_of(hubspot)
    for wrong in (PausedError, RetriableError, PausedError):
        with pytest.raises(wrong):
            lists.of(["500"])
    found = lists.of(["500", "509", "600"])
    assert found == {"500": {"41"}, "509": {"41"}, "600": set()}
    assert hubspot.calls == ["0", "1", "2", "3", "4", "5", "5", "6", "7", "8", "9"]


def test_what_was_read_is_kept_for_some_minutes_and_then_read_anew() -> None:
    """From its beginning."""
    hubspot = SlowHubSpot(2)
    lists = lists_of(hubspot)
    lists.of(["500"])
    lists.of(["501"])
    assert hubspot.calls == ["0", "1"]
    hubspot.at += MINUTES
    lists.of(["500"])
    assert hubspot.calls == ["0", "1", "0", "1"]
