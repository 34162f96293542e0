"""How each event of a store stands: whether it is silent, too low, wrong, or as it should be. Pure.

========== =============================================================================================
ok         nothing to say
invalid    more than half of today's are wrong; of yesterday's while today has none
low        yesterday brought far fewer than that weekday usually does (:mod:`.volumes`)
silent     expected, and the last one is longer ago than events.toml allows
never_seen expected, and none has come since the store is looked at, for longer than that
not_yet    the same, and the allowed time has not passed
========== =============================================================================================
"""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from commerce_sync.contracts.event_checks import EventStanding, EventTally, StoreStanding
from commerce_sync.validation.volumes import is_low, usual

SILENT: Final = frozenset({"silent", "never_seen"})
NOTHING: Final = EventTally()
Days = Mapping[date, Mapping[str, EventTally]]


def standing(
    before: StoreStanding, days: Days, expected: Mapping[str, timedelta], now: datetime, zone: ZoneInfo
) -> StoreStanding:
    """The store as it stands now.

    :param before: as it stood; of one that was never looked at, since now and without events.
    :param days: what each known day came to, whole days and today.
    :param expected: the longest silence of each event that is expected.
    """
    today = now.astimezone(zone).date()
    first_whole = before.since.astimezone(zone).date() + timedelta(days=1)
    whole = {day: found for day, found in days.items() if first_whole <= day < today}
    names = sorted({*expected, *before.events, *(name for found in days.values() for name in found)})
    events = {}
    for name in names:
        last = _last(name, before, days)
        yesterday, counts = _of(days, today - timedelta(days=1), name), _seen(whole, name)
        normal = usual(today - timedelta(days=1), counts)
        now_so_far = _of(days, today, name)
        allowed = expected.get(name)
        events[name] = EventStanding(
            state=_silence(last, before.since, allowed, now) or _quality(now_so_far, yesterday, normal),
            today=now_so_far,
            yesterday=yesterday,
            usual=normal,
            last_at=last,
            allowed_hours=allowed / timedelta(hours=1) if allowed else None,
        )
    return StoreStanding(store=before.store, since=before.since, as_of=now, today=today, events=events)


def _silence(last: datetime | None, since: datetime, allowed: timedelta | None, now: datetime) -> str | None:
    if allowed is None:
        return None
    if last is None:
        return "never_seen" if now - since > allowed else "not_yet"
    return "silent" if now - last > allowed else None


def _quality(today: EventTally, yesterday: EventTally, normal: float | None) -> str:
    if normal is not None and is_low(yesterday.seen, normal):
        return "low"
    latest = today if today.seen else yesterday
    return "invalid" if latest.seen > 2 * latest.valid else "ok"


def _last(name: str, before: StoreStanding, days: Days) -> datetime | None:
    """When one last happened: what is known from before never goes back, because days expire."""
    known = [before.events[name].last_at] if name in before.events else []
    known += [found[name].last_at for found in days.values() if name in found]
    return max((at for at in known if at), default=None)


def _seen(whole: Days, name: str) -> Mapping[date, int]:
    """Of whole days; a day without a word of the event had none of it."""
    return {day: found.get(name, NOTHING).seen for day, found in whole.items()}


def _of(days: Days, day: date, name: str) -> EventTally:
    return days.get(day, {}).get(name, NOTHING)
