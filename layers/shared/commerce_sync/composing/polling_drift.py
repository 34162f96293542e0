"""Klaviyo's profiles that changed: a field that stands there otherwise than it was confirmed is told again.

Consent and addresses are not looked at here: what Klaviyo shows of consent is polled by itself, and a profile is known
by its email address.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final, Protocol

from commerce_sync.aws.control import Control
from commerce_sync.aws.order_book_table import OrderBookTable
from commerce_sync.aws.told import ToldTable
from commerce_sync.composing.identity import keys_of
from commerce_sync.composing.looking import PeopleSettings, looks_by_owners
from commerce_sync.composing.telling import lines_of
from commerce_sync.contracts import Promise
from commerce_sync.contracts.advanced import Destination
from commerce_sync.contracts.fields import FieldOwner
from commerce_sync.contracts.told import Told
from commerce_sync.identity.emails import normalize_email
from commerce_sync.observability import count
from commerce_sync.polling.cursors import Rule, Sighting, Window
from commerce_sync.profiles.drifting import Righted, Standing, counted, drifted, reason, righted
from commerce_sync.profiles.klaviyo_fields import Lines
from commerce_sync.profiles.looks import look_at, refusal
from commerce_sync.vendors.http import VendorHttp
from commerce_sync.vendors.klaviyo import KlaviyoProfiles
from commerce_sync.vendors.klaviyo.in_order import updated_at
from commerce_sync.vendors.klaviyo.standing import EMAIL, held_by, standing

PUT_RIGHT: Final = "drift#klaviyo"
"""The document of how many profiles were put right today."""
SOON: Final = timedelta(minutes=1)
"""Longer than a run lasts: a look that is written down first is taken when what stands is noted, or was given up."""


class DriftSettings(PeopleSettings, Protocol):
    """Where looks are written down, what is read again (seconds), and how many profiles a day are put right."""

    @property
    def overlap(self) -> float: ...  # noqa: D102
    @property
    def most_put_right(self) -> int: ...  # noqa: D102

    @property
    def order_book_table(self) -> str: ...  # noqa: D102


class Book(Protocol):
    """What Klaviyo has of addresses."""

    def key_of(self, destination: Destination, email: str, /) -> str:
        """What stands for an address there."""

    def told(self, destination: Destination, emails: Sequence[str], /) -> Mapping[str, Told]:
        """What it is known to have of each."""

    def begin(self, key: str, told: Told, /) -> bool:
        """Note the next revision. False where somebody was faster."""


@dataclass(frozen=True)
class Mending:
    """Where what drifted is noted, and who is to look: ``looks`` are the subjects of an address by owners of fields.

    ``allow`` hears how many profiles are to be put right, and may refuse. ``standing`` reads what stands at Klaviyo
    now, by address: what a page showed may be older than what was confirmed since, and a write of our own is no drift.
    """

    lines: Lines
    book: Book
    standing: Callable[[Sequence[str]], Mapping[str, Standing]]
    looks: Callable[[str, Collection[FieldOwner]], Sequence[str]]
    allow: Callable[[int], object]
    write_down: Callable[[Iterable[Promise]], None]
    now: Callable[[], datetime]

    def __call__(self, shown: Mapping[str, Standing]) -> Counter[str]:
        """See to some profiles, by address; figures. All of it again changes nothing."""
        known = self.book.told("klaviyo", list(shown))
        suspects = [email for email, one in shown.items() if drifted(known[email], one, self.lines)]
        stands, now = self.standing(suspects) if suspects else {}, self.now()
        seen = {email: righted(known[email], one, self.lines, now) for email, one in stands.items()}
        found = {email: one for email, one in seen.items() if one.told or one.given_up}
        asked = {email: self.looks(email, self._owners(one)) for email, one in found.items()}
        subjects = {email: theirs for email, theirs in asked.items() if theirs}
        if to_write := sum(found[email].told is not None for email in subjects):
            self.allow(to_write)
        self.write_down(
            row for email, theirs in subjects.items() for row in _rows(theirs, found[email], known[email].refused, now)
        )
        counts = Counter[str]()
        for email, theirs in subjects.items():
            note = found[email].told
            if note and self.book.begin(self.book.key_of("klaviyo", email), note):
                counts["FieldsPutRight"] += len(found[email].fields)
            counts["ParkedPromises"] += len(theirs) if found[email].given_up else 0
        return +counts

    def _owners(self, found: Righted) -> Collection[FieldOwner]:
        return {self.lines[key].owner for key in (*found.fields, *found.given_up)}


@dataclass(frozen=True)
class DriftSource:
    """Profiles that changed. ``read`` gives a page of those since a moment."""

    rule: Rule
    read: Callable[[datetime, str | None], tuple[Sequence[Mapping[str, Any]], str | None]]
    mend: Mending
    name: str = "records#klaviyo:profiles"

    def page(self, window: Window) -> tuple[Sequence[Sighting], str | None]:
        """A hundred profiles; one that changed once more is another sighting."""
        profiles, following = self.read(window.start, window.page)
        return [_sighting(one, window) for one in profiles], following

    def say(self, fresh: Sequence[Sighting]) -> None:
        """What drifted is noted, and looks at its people are written down, before the cursor moves."""
        shown = {email: one.what for one in fresh if (email := normalize_email(str(one.what.get(EMAIL) or "")))}
        for metric, number in self.mend(shown).items():
            count(metric, number)


def drift_source(
    settings: DriftSettings, http: VendorHttp, control: Control, now: Callable[[], datetime]
) -> DriftSource:
    """The source over the tables and a session with Klaviyo."""

    def allow(number: int) -> object:
        return control.change(PUT_RIGHT, lambda known: counted(known, number, settings.most_put_right, now()))

    mend = Mending(
        lines=lines_of("klaviyo"),
        book=ToldTable(settings.identity_table, keys_of(settings)),
        standing=partial(standing, http),
        looks=partial(looks_by_owners, settings),
        allow=allow,
        write_down=OrderBookTable(settings.order_book_table).defer_all,
        now=now,
    )
    return DriftSource(Rule(timedelta(seconds=settings.overlap)), KlaviyoProfiles(http).changed_since, mend)


def _rows(subjects: Sequence[str], found: Righted, refused: str, now: datetime) -> Iterable[Promise]:
    """Looks, and what is left as it is, behind what the vendor ``refused``: one row says both."""
    if found.told:
        yield from (replace(look_at(one, now), due_at=now + SOON) for one in subjects)
    if found.given_up:
        why = "; ".join(filter(None, (refused, reason(found.given_up))))
        yield from (refusal(one, now, why) for one in subjects)


def _sighting(profile: Mapping[str, Any], window: Window) -> Sighting:
    at = updated_at(profile) or window.end
    return Sighting(f"{profile['id']}@{at.isoformat()}", at, held_by(profile))
