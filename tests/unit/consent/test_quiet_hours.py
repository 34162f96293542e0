"""When marketing may be sent to a place, minute by minute, and that a broken table stops the build."""

from pathlib import Path

import pytest
from commerce_sync.consent.quiet_hours import QuietHoursFile, allowed
from commerce_sync.consent.rules import HERE, read_table
from commerce_sync.errors import ConfigurationError

WEEKDAYS, SATURDAY, SUNDAY = (0, 1, 2, 3, 4), 5, 6
NEVER = (0, 0)
TABLE = {
    # place: weekdays, Saturday, Sunday, in hours
    **dict.fromkeys(("US-FL", "US-OK", "US-WA", "US-MD", "US-NJ", "US-MA"), ((8, 20), (8, 20), (8, 20))),
    **dict.fromkeys(("US-CT", "US-NV"), ((9, 20), (9, 20), (9, 20))),
    "US-TX": ((9, 21), (9, 21), (12, 21)),
    **dict.fromkeys(("US-MI", "US-MN", "US-NM", "US-CA", "US-IL"), ((9, 21), (9, 21), (9, 21))),
    "US-KY": ((10, 21), (10, 21), (10, 21)),
    **dict.fromkeys(("US-AL", "US-LA", "US-MS"), ((8, 20), (8, 20), NEVER)),
    "US-RI": ((9, 18), NEVER, NEVER),
    **dict.fromkeys(("US-NY", "US-OH", "US-PR"), ((8, 21), (8, 21), (8, 21))),
    **dict.fromkeys(("US", "US-ZZ", "us"), ((9, 20), (9, 20), (12, 20))),
    "CA": ((9, 21), (10, 18), (10, 18)),
    "FR": ((8, 20), (8, 20), NEVER),
    **dict.fromkeys(("GB", "IE", "DE", "NL", "AU", "NZ"), ((8, 21), (8, 21), (8, 21))),
    **dict.fromkeys(("BR", "", "nowhere"), ((10, 18), NEVER, NEVER)),
}


@pytest.mark.parametrize("place", TABLE)
def test_every_minute_of_the_week_is_as_the_table_says(place: str) -> None:
    """Half-open: the last minute before the end, and not the end."""
    on_weekdays, on_saturday, on_sunday = TABLE[place]
    for weekday in range(7):
        start, until = on_sunday if weekday == SUNDAY else on_saturday if weekday == SATURDAY else on_weekdays
        minutes = [minute for minute in range(24 * 60) if allowed(place, weekday, minute)]
        assert minutes == list(range(start * 60, until * 60)), weekday


@pytest.mark.parametrize(("weekday", "minute"), [(7, 0), (-1, 0), (0, -1), (0, 24 * 60)])
def test_there_is_no_such_minute(weekday: int, minute: int) -> None:
    """A caller's mistake is not permission."""
    with pytest.raises(ValueError, match="minute of a week"):
        allowed("US", weekday, minute)


SUNDAY_IN_TEXAS = '{ days = ["sun"], from = "12:00", until = "21:00" },'


@pytest.mark.parametrize(
    ("text", "instead", "reason"),
    [
        (SUNDAY_IN_TEXAS, '{ days = ["sat"], from = "12:00", until = "22:00" },', "overlap on sat"),
        (SUNDAY_IN_TEXAS, '{ days = ["sun"], from = "12:00", until = "12:00" },', r"row\.3\.spans\.1: .*not after"),
        (SUNDAY_IN_TEXAS, '{ days = ["sun"], from = "21:00", until = "12:00" },', r"row\.3\.spans\.1: .*not after"),
        (SUNDAY_IN_TEXAS, '{ days = ["sunday"], from = "12:00", until = "21:00" },', r"row\.3\.spans\.1\.days\.0"),
        (SUNDAY_IN_TEXAS, '{ days = [], from = "12:00", until = "21:00" },', r"row\.3\.spans\.1\.days"),
        (SUNDAY_IN_TEXAS, '{ days = ["sun", "sun"], from = "12:00", until = "21:00" },', "named twice"),
        (SUNDAY_IN_TEXAS, '{ days = ["sun"], from = "12:60", until = "21:00" },', r"row\.3\.spans\.1\.from"),
        (SUNDAY_IN_TEXAS, '{ days = ["sun"], from = "12:00", until = "25:00" },', r"row\.3\.spans\.1\.until"),
        (SUNDAY_IN_TEXAS, '{ days = ["sun"], from = 12, until = "21:00" },', r"row\.3\.spans\.1\.from"),
        ('places = ["US-TX"]', "places = []", r"row\.3\.places"),
        ('places = ["US-TX"]', 'places = ["US-TX", "US-FL"]', "two rows"),
        ('places = ["US-TX"]', 'places = ["US-ZZ"]', "no such place: US-ZZ"),
        ('places = ["US-TX"]', 'places = ["US"]', "no such place: US"),
        ('places = ["US-TX"]', 'places = ["US-WY"]', "stricter state has no row: TX"),
        ('places = ["US-FL", "US-OK"', 'places = ["US-OK"', "stricter state has no row: FL"),
        ('doubt = "[3P], lists differ"', 'doubt = ""', r"row\.8\.doubt"),
        ("federal = ", "federation = ", r"us\.federal"),
        ("version = ", "vision = ", "version"),
        ("[[row]]", "[[row", "line"),
    ],
)
def test_a_broken_table_stops_the_build(tmp_path: Path, text: str, instead: str, reason: str) -> None:
    """With the file, the place and the reason."""
    shipped = (HERE / "quiet_hours.toml").read_text()
    assert text in shipped
    (tmp_path / "quiet_hours.toml").write_text(shipped.replace(text, instead, 1))
    with pytest.raises(ConfigurationError, match=rf"quiet_hours\.toml: .*{reason}"):
        read_table(QuietHoursFile, "quiet_hours", tmp_path)


def test_an_empty_table_stops_the_build(tmp_path: Path) -> None:
    """Nothing would be forbidden by it."""
    (tmp_path / "quiet_hours.toml").write_text('version = "1"\nrow = []\n')
    with pytest.raises(ConfigurationError, match=r"quiet_hours\.toml: .*us.*row"):
        read_table(QuietHoursFile, "quiet_hours", tmp_path)
