"""Lists of Klaviyo's as a place to tell: who joins and who leaves, a thousand at a time. Consent is never touched.

A profile joins by its id, so whoever has none yet is given one: a few at a time, since most are on their way by import.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import ClassVar, Final, Protocol

from commerce_sync.contracts.fields import FieldValues
from commerce_sync.contracts.told import Begun
from commerce_sync.errors import PausedError, PermanentError, RefusedByVendorError, RetriableError
from commerce_sync.profiles.bisecting import BLAMES_THE_BODY, sent
from commerce_sync.profiles.destinations import OUT_OF_TIME, Group, Verdict
from commerce_sync.profiles.klaviyo_needs import Profiles

TOGETHER: Final = 1000
MOST_ASKED: Final = 500
MOST_MADE: Final = 25
"""Profiles that are made in one go for those who have none."""
NO_PROFILE_YET: Final = "klaviyo has no profile of them yet"
Errors = dict[str, PermanentError | RetriableError]


class Lists(Protocol):
    """Klaviyo's lists."""

    def ids(self, emails: Sequence[str]) -> Mapping[str, str]:
        """The profiles' ids of those email addresses that Klaviyo knows."""

    def add(self, list_id: str, profile_ids: Sequence[str]) -> None:
        """Put up to a thousand profiles on a list. Doing it again changes nothing."""

    def remove(self, list_id: str, profile_ids: Sequence[str]) -> None:
        """Take up to a thousand profiles off a list. Doing it again changes nothing."""


@dataclass(frozen=True)
class ListsPlace:
    """``unready`` says why nobody may join a list (empty: they may). ``learnt`` hears which profile an address is.

    ``may_go_on``: whether there is time for another call.
    """

    lists: Lists
    profiles: Profiles
    unready: Callable[[str], str]
    learnt: Callable[[str, str], None]
    may_go_on: Callable[[], bool]

    def groups(self, differing: Mapping[str, FieldValues], refused: AbstractSet[str]) -> Iterator[Group]:  # noqa: ARG002 # a list that refuses is tried alone anyway
        """A thousand at a time."""
        emails = list(differing)
        for start in range(0, len(emails), TOGETHER):
            yield _Thousand(self, emails[start : start + TOGETHER])

    def ids(self, emails: Sequence[str]) -> tuple[dict[str, str], Errors]:
        """The profiles' ids of those whom Klaviyo knows; why it does not let us ask about the others."""
        found: dict[str, str] = {}
        refused: Errors = {}

        def ask(some: Sequence[str]) -> None:
            found.update(self.lists.ids(some))
            self.in_time()

        for some in (emails[start : start + MOST_ASKED] for start in range(0, len(emails), MOST_ASKED)):
            for at, error in sent(some, ask).items():
                if not isinstance(error, RefusedByVendorError) or error.status not in BLAMES_THE_BODY:
                    raise error
                refused[some[at]] = error
        return found, refused

    def in_time(self) -> None:
        """Before each call but the first of a group, for which there was time: Klaviyo may be slow.

        :raises PausedError: there is no time for another.
        """
        if not self.may_go_on():
            raise PausedError(OUT_OF_TIME, retry_after=1.0)


@dataclass(frozen=True)
class _Thousand:
    place: ListsPlace
    emails: Sequence[str]
    is_import: ClassVar[bool] = False

    def write(self, begun: Mapping[str, Begun]) -> Mapping[str, Verdict]:
        """List by list, those who leave first: what is wrong with one list is wrong for its own people alone."""
        ids, refused = self.place.ids(list(begun))
        verdicts: dict[str, Verdict] = {**dict.fromkeys(begun, None), **refused}
        joining = [email for email, write in begun.items() if any(write.values.values()) and email not in refused]
        verdicts |= self._known(joining, ids)
        for list_id, is_joined in self._moves(begun):
            some = [email for email in ids if begun[email].values.get(list_id, "") == is_joined]
            try:
                self.place.in_time()
                errors = self._joined(list_id, some, ids) if is_joined else self._left(list_id, some, ids)
            except (PermanentError, RetriableError) as error:
                errors = dict.fromkeys(some, error)
            verdicts |= {email: _first(verdicts[email], why) for email, why in errors.items()}
        return verdicts

    @staticmethod
    def _moves(begun: Mapping[str, Begun]) -> Sequence[tuple[str, str | None]]:
        """Every list that somebody leaves (None) or joins, each once."""
        moves = dict.fromkeys(move for write in begun.values() for move in write.values.items())
        return sorted(moves, key=lambda move: (move[1] is not None, move[0]))

    def _known(self, joining: Sequence[str], ids: dict[str, str]) -> Errors:
        """Learn whose profiles they are, and make those that are missing; why not, of those that are missing still."""
        errors: Errors = {}
        missing = [email for email in joining if email not in ids]
        for email in joining:
            if email in ids:
                self.place.learnt(ids[email], email)
        stopped: RetriableError = RetriableError(NO_PROFILE_YET)
        for email in missing[:MOST_MADE]:
            if isinstance(stopped, PausedError):
                break
            try:
                self.place.in_time()
                ids[email] = self.place.profiles.upsert(email, {}, {})
                self.place.learnt(ids[email], email)
            except PausedError as error:
                stopped = error
            except (PermanentError, RetriableError) as error:
                errors[email] = error
        return dict.fromkeys((email for email in missing if email not in ids), stopped) | errors

    def _joined(self, list_id: str, emails: Sequence[str], ids: Mapping[str, str]) -> Errors:
        if emails and (reason := self.place.unready(list_id)):
            return dict.fromkeys(emails, PermanentError(reason))
        return self._sent(self.place.lists.add, list_id, emails, ids)

    def _left(self, list_id: str, emails: Sequence[str], ids: Mapping[str, str]) -> Errors:
        return self._sent(self.place.lists.remove, list_id, emails, ids)

    @staticmethod
    def _sent(
        send: Callable[[str, Sequence[str]], None], list_id: str, emails: Sequence[str], ids: Mapping[str, str]
    ) -> Errors:
        errors = sent(emails, lambda some: send(list_id, [ids[email] for email in some]))
        return {emails[at]: error for at, error in errors.items()}


def _first(verdict: Verdict, error: PermanentError | RetriableError) -> Verdict:
    """What can be tried again is, before somebody is told of what cannot."""
    return verdict if isinstance(verdict, RetriableError) else error
