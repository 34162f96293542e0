"""Klaviyo's list of profiles as a model, by its documents alone: what they leave open, it does in each way.

A filter ``greater-than(updated,...)`` and nothing or-equal; a sort; a hundred a page (here three); a link to the next
page. What that link says is Klaviyo's own business: here it goes on behind the last row (``key``), behind the last
value of the sort whatever shares it (``value``), or at a position (``position``).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal
from urllib.parse import parse_qs, urlencode

from commerce_sync.errors import RetriableError
from commerce_sync.vendors.http import Answer

from tests.unit.polling.search_models import World

PAGE = 3
Links = Literal["key", "value", "position"]


@dataclass
class ProfilesApi:
    """An account. ``skew`` is how far its clock is ahead of ours; a change shows a share of ``lag`` later."""

    world: World
    links: Links = "key"
    lag: timedelta = timedelta(seconds=50)
    skew: timedelta = timedelta(0)
    rows: dict[str, list[tuple[datetime, datetime]]] = field(default_factory=dict)
    between: list[Callable[[], object]] = field(default_factory=list)
    failures: int = 0

    def change(self, row: int, late: float) -> None:
        """A profile is made or changed now."""
        at = self.world.at + self.skew
        self.rows.setdefault(f"01P{row:02}", []).append((at, self.world.at + late * self.lag))

    def go(self, row: int) -> None:
        """A profile is deleted, or joined into another one."""
        self.rows.pop(f"01P{row:02}", None)

    def wanted(self) -> set[tuple[str, datetime]]:
        """Every profile as it was changed last."""
        return {(row, versions[-1][0]) for row, versions in self.rows.items()}

    def call(self, method: str, path: str, body: Any = None, params: Mapping[str, str] | None = None) -> Answer:
        """A first page."""
        assert (method, path, body) == ("GET", "/api/profiles", None)
        return self._page(dict(params or {}))

    def follow(self, link: str, path: str) -> Answer:
        """A following page, by its link."""
        assert path == "/api/profiles"
        return self._page({name: values[0] for name, values in parse_qs(link).items()})

    def _page(self, asked: dict[str, str]) -> Answer:
        self.world.step()
        if self.failures:
            self.failures -= 1
            raise RetriableError("klaviyo 503")
        text = asked["filter"]
        assert text.startswith("greater-than(updated,"), text
        since = datetime.fromisoformat(text.removeprefix("greater-than(updated,").removesuffix(")"))
        shown = sorted(
            (at if asked["sort"] == "updated" else since, row, at) for row, at in self._shown() if at > since
        )
        start = self._start(shown, asked.get("page[cursor]"))
        page, rest = shown[start : start + PAGE], shown[start + PAGE :]
        for act in self.between[:1]:
            act()
        del self.between[:1]
        following = urlencode({**asked, "page[cursor]": self._cursor(page[-1], start + PAGE)}) if rest else None
        data = [
            {"id": row, "attributes": {"email": f"{row}@x.example", "updated": at.isoformat()}} for _, row, at in page
        ]
        return Answer(200, {"data": data, "links": {"next": following}})

    def _shown(self) -> list[tuple[str, datetime]]:
        """Each profile as it shows: its last change that shows by now."""
        now, found = self.world.at, []
        for row, versions in self.rows.items():
            if known := [at for at, shows in versions if shows <= now]:
                found.append((row, known[-1]))
        return found

    def _start(self, shown: list[tuple[datetime, str, datetime]], cursor: str | None) -> int:
        if cursor is None:
            return 0
        if self.links == "position":
            return int(cursor)
        at, _, row = cursor.partition("|")
        behind = (datetime.fromisoformat(at), row)
        if self.links == "value" and len({value for value, _, _ in shown}) > 1:
            return sum(value <= behind[0] for value, _, _ in shown)
        return sum((value, name) <= behind for value, name, _ in shown)

    def _cursor(self, last: tuple[datetime, str, datetime], position: int) -> str:
        return str(position) if self.links == "position" else f"{last[0].isoformat()}|{last[1]}"
