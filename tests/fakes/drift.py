"""What stands at the Klaviyo that is kept in memory, and whoever sees to it, over :class:`ToldWorld`."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from commerce_sync.composing.polling_drift import Mending
from commerce_sync.profiles import looks
from commerce_sync.profiles.drifting import counted

from tests.fakes.told_world import ToldWorld


class Drift:
    """Polls a told world. ``at`` is the time."""

    def __init__(self, world: ToldWorld, at: datetime) -> None:
        self.world, self.at, self.most = world, at, 1000
        self.today: dict[str, Any] = {}
        self.mend = Mending(
            world.lines,
            world.book,
            self.standing,
            lambda email, _owners: [f"{looks.CONTACT}{email}"],
            self.allow,
            world.book.defer_all,
            lambda: self.at,
        )

    def standing(self, emails: Sequence[str] | None = None) -> dict[str, dict[str, Any]]:
        """What stands, by the keys of the field map."""
        names = {line.name: key for key, line in self.world.lines.items()}
        wanted = (
            self.world.klaviyo.profiles if emails is None else [e for e in emails if e in self.world.klaviyo.profiles]
        )
        return {
            email: {names.get(name, name): value for name, value in self.world.klaviyo.profiles[email].items()}
            for email in wanted
        }

    def allow(self, number: int) -> None:
        """As the control table counts."""
        self.today = counted(self.today, number, self.most, self.at)

    def poll(self) -> Counter[str]:
        """All profiles were changed since the last time."""
        return self.mend(self.standing())

    def settle(self) -> None:
        """The looks that were written down are taken."""
        self.world.come_due()
