"""Klaviyo as a place to tell: few profiles one by one, many by bulk import, a phone number only where it has none.

An import may be taken up much later. So it carries a phone number only where Klaviyo knew nobody by the email address:
on a profile that is there somebody may type another number meanwhile, and the consent to that would end. Who has one is
told of a number alone, right after a look.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any, ClassVar, Final

from commerce_sync.contracts.fields import FieldValues
from commerce_sync.contracts.told import Begun, Underway
from commerce_sync.errors import PausedError, PermanentError, RefusedByVendorError, RetriableError
from commerce_sync.profiles.bisecting import BLAMES_THE_BODY, sent
from commerce_sync.profiles.destinations import OUT_OF_TIME, Group, Verdict
from commerce_sync.profiles.klaviyo_fields import PHONE, Lines, Profile, is_about_phone, phone_in, profile_of
from commerce_sync.profiles.klaviyo_needs import Imports, Jobs, Profiles

TOGETHER: Final = 25
MOST_ASKED: Final = 500


@dataclass(frozen=True)
class KlaviyoPlace:
    """``bulk_from`` profiles with news make an import. ``learnt`` hears which of its profiles an address is."""

    profiles: Profiles
    imports: Imports
    jobs: Jobs
    lines: Lines
    bulk_from: int
    learnt: Callable[[str, str], None]
    may_go_on: Callable[[], bool]

    def groups(self, differing: Mapping[str, FieldValues], refused: AbstractSet[str]) -> Iterator[Group]:
        """Imports first where they pay; whose field is cleared, or whose last write was refused, goes alone."""
        many = self._importable({email: values for email, values in differing.items() if email not in refused})
        alone = [email for email in differing if email not in many]
        if many:
            rows, too_large = self._rows(many)
            yield from (_Import(self, {email: rows[email] for email in batch}) for batch in self.imports.batches(rows))
            yield from ([_TooLarge(too_large)] if too_large else [])
        for start in range(0, len(alone), TOGETHER):
            yield _Singles(self, alone[start : start + TOGETHER])

    def write_one(self, profile: Profile, values: FieldValues) -> None:
        """One profile; a phone number that is somebody else's, or none to Klaviyo, becomes the custom property."""
        if profile.is_empty:
            return
        try:
            self._upsert(profile)
        except RefusedByVendorError as refusal:
            if PHONE not in profile.attributes or not is_about_phone(refusal):
                raise
            self._upsert(profile_of(profile.email, values, self.lines))

    def in_time(self) -> None:
        """Before each call but the first of a group, for which there was time: Klaviyo may be slow.

        :raises PausedError: there is no time for another.
        """
        if not self.may_go_on():
            raise PausedError(OUT_OF_TIME, retry_after=1.0)

    def _importable(self, differing: Mapping[str, FieldValues]) -> dict[str, Profile]:
        """Whose values an import may carry; nobody where they are too few for one."""
        if len(differing) < self.bulk_from:
            return {}
        held = self.held([email for email, values in differing.items() if phone_in(values, self.lines)])
        numbers = {email: phone or "" for email, phone in held.items()}
        found = {email: profile_of(email, one, self.lines, numbers.get(email)) for email, one in differing.items()}
        many = {
            email: one
            for email, one in found.items()
            if not (one.is_empty or one.clears or (PHONE in one.attributes and held[email] is not None))
        }
        return many if len(many) >= self.bulk_from else {}

    def held(self, emails: Sequence[str]) -> dict[str, str | None]:
        """The phone numbers of these profiles: empty where there is none, None where there is no such profile.

        Whom Klaviyo does not let us ask about is absent.
        """
        held: dict[str, str | None] = dict.fromkeys(emails)

        def ask(some: Sequence[str]) -> None:
            self.in_time()
            held.update(self.profiles.phones(some))

        for some in (emails[start : start + MOST_ASKED] for start in range(0, len(emails), MOST_ASKED)):
            for at, error in sent(some, ask).items():
                if not isinstance(error, RefusedByVendorError) or error.status not in BLAMES_THE_BODY:
                    raise error
                del held[some[at]]
        return held

    def _upsert(self, profile: Profile) -> None:
        self.learnt(self.profiles.upsert(profile.email, profile.attributes, profile.properties), profile.email)

    def _rows(self, profiles: Mapping[str, Profile]) -> tuple[dict[str, Any], dict[str, PermanentError]]:
        rows: dict[str, Any] = {}
        too_large: dict[str, PermanentError] = {}
        for email, one in profiles.items():
            try:
                rows[email] = self.imports.row(email, one.attributes, one.properties)
            except PermanentError as error:
                too_large[email] = error
        return rows, too_large


@dataclass(frozen=True)
class _Singles:
    """``fills``: whether their phone numbers may fill empty ones, which is looked at now."""

    place: KlaviyoPlace
    emails: Sequence[str]
    fills: bool = True
    is_import: ClassVar[bool] = False

    def write(self, begun: Mapping[str, Begun]) -> Mapping[str, Verdict]:
        """One after the other; once Klaviyo asks us to wait, or time runs short, nobody else is told."""
        profiles = self._profiles(begun)
        verdicts: dict[str, Verdict] = {}
        stopped: PausedError | None = None
        for email, write in begun.items():
            try:
                if stopped is None:
                    if verdicts:
                        self.place.in_time()
                    self.place.write_one(profiles[email], write.values)
                verdicts[email] = stopped
            except PausedError as error:
                verdicts[email] = stopped = error
            except (PermanentError, RetriableError) as error:
                verdicts[email] = error
        return verdicts

    def _profiles(self, begun: Mapping[str, Begun]) -> dict[str, Profile]:
        lines = self.place.lines
        filling = [email for email, write in begun.items() if self.fills and phone_in(write.values, lines)]
        held = {email: phone or "" for email, phone in self.place.held(filling).items()}
        return {email: profile_of(email, write.values, lines, held.get(email)) for email, write in begun.items()}


@dataclass(frozen=True)
class _Import:
    place: KlaviyoPlace
    rows: Mapping[str, Any]
    is_import: ClassVar[bool] = True

    @property
    def emails(self) -> Sequence[str]:
        return list(self.rows)

    def write(self, begun: Mapping[str, Begun]) -> Mapping[str, Verdict]:
        """One import, or as many as it takes until it is without whom Klaviyo refuses whole imports for.

        Whose phone number it is that Klaviyo does not take goes alone, without it.
        """
        emails = list(begun)
        verdicts: dict[str, Verdict] = dict.fromkeys(emails, Underway())

        def send(some: Sequence[str]) -> None:
            if len(some) < len(emails):
                self.place.in_time()
            token = self.place.jobs.opened([begun[email] for email in some])
            try:
                job_id = self.place.imports.start([self.rows[email] for email in some])
            except (PermanentError, PausedError):
                self.place.jobs.closed(token)
                raise
            self.place.jobs.started(token, job_id)

        errors = {emails[at]: error for at, error in sent(emails, send, self.place.imports.blamed).items()}
        phoneless = [
            email
            for email, error in errors.items()
            if isinstance(error, RefusedByVendorError)
            and is_about_phone(error)
            and phone_in(begun[email].values, self.place.lines)
        ]
        alone = _Singles(self.place, phoneless, fills=False).write({email: begun[email] for email in phoneless})
        return {**verdicts, **errors, **alone}


@dataclass(frozen=True)
class _TooLarge:
    errors: Mapping[str, PermanentError]
    is_import: ClassVar[bool] = False

    @property
    def emails(self) -> Sequence[str]:
        return list(self.errors)

    def write(self, begun: Mapping[str, Begun]) -> Mapping[str, Verdict]:
        """Nothing is sent."""
        return {email: self.errors[email] for email in begun}
