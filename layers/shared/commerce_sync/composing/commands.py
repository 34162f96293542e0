"""The commands of ``operations`` that are about people, with all that they need."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from typing import Any, Final, Protocol
from uuid import uuid4

from commerce_sync.aws.audits import Audits
from commerce_sync.aws.control import Control
from commerce_sync.aws.order_book_table import OrderBookTable
from commerce_sync.aws.privacy_requests import PrivacyRequests
from commerce_sync.aws.profile_search import PROFILE_ID, ProfileSearch
from commerce_sync.aws.traces import Traces
from commerce_sync.composing.duplicates import MergeSettings, apply_merges
from commerce_sync.composing.identity import keys_of, people_of, resolver_of
from commerce_sync.composing.looking_again import look_again
from commerce_sync.composing.permissions import is_stopped
from commerce_sync.contracts.duplicates import PlannedMerge
from commerce_sync.contracts.identity_book import Identifier
from commerce_sync.duplicates.reporting import plan
from commerce_sync.identity.explaining import told
from commerce_sync.identity.persons import address_of
from commerce_sync.operating import duplicates
from commerce_sync.operating.identities import IdentityCommands
from commerce_sync.operating.privacy import PrivacyCommands
from commerce_sync.privacy import counting, waiting

DEADLINE_DAYS = 30
"""A default that counsel may edit: GDPR article 12 says one month."""


class CommandSettings(MergeSettings, Protocol):
    """Where everything about people is."""

    @property
    def traces_table(self) -> str: ...  # noqa: D102
    @property
    def privacy_table(self) -> str: ...  # noqa: D102
    @property
    def order_book_table(self) -> str: ...  # noqa: D102
    @property
    def control_table(self) -> str: ...  # noqa: D102
    @property
    def klaviyo_mode(self) -> str: ...  # noqa: D102
    @property
    def hubspot_mode(self) -> str: ...  # noqa: D102


def identity_commands(settings: CommandSettings) -> IdentityCommands:
    """``explain``, ``merge``, ``unmerge``, ``separate``."""
    traces = Traces(settings.traces_table, keys_of(settings))
    again = partial(look_again, settings)
    return IdentityCommands(resolver_of(settings), people_of(settings), traces.of, told, address_of, again)


def privacy_commands(settings: CommandSettings) -> PrivacyCommands:
    """``erase``, ``export``, ``privacy``."""
    return PrivacyCommands(
        cases=PrivacyRequests(settings.privacy_table),
        wake=partial(_wake, settings),
        address_of=address_of,
        counted=partial(_counted, settings),
        now=_now,
        new_id=lambda: uuid4().hex,
        deadline_days=DEADLINE_DAYS,
    )


def traces_of(settings: CommandSettings, whom: str) -> Iterable[str]:
    """The traces of the whole person whom an address, a record (``shopify:us#42``) or a profile id names.

    :raises ValueError: it is none of them, or nobody has that profile id.
    """
    named = _named_by(settings, whom)
    person = people_of(settings).identifiers_of_person(named)
    return Traces(settings.traces_table, keys_of(settings)).of([*named, *person])


def _named_by(settings: CommandSettings, whom: str) -> Sequence[Identifier]:
    if not PROFILE_ID.fullmatch(whom):
        return [identity_commands(settings).identifier({"identifier": whom})]
    if found := ProfileSearch(settings.identity_table).identifiers(whom):
        return found
    raise ValueError("nobody has that profile id")


def show_duplicates(settings: CommandSettings, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """``duplicates``."""
    return duplicates.show(Audits(settings.archive_bucket), arguments)


def merge_duplicates(settings: CommandSettings, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """``merge_duplicates``. While everything is stopped, nothing is live."""

    def apply(system: str, planned: Sequence[PlannedMerge]) -> dict[str, Any]:
        return apply_merges(system, planned, settings)

    is_going = not is_stopped(Control(settings.control_table))
    modes = {"hubspot": settings.hubspot_mode, "klaviyo": settings.klaviyo_mode} if is_going else {}
    return duplicates.merge(arguments, reports=Audits(settings.archive_bucket), modes=modes, plan=plan, apply=apply)


def _counted(settings: CommandSettings, named: Identifier) -> Mapping[str, int]:
    return counting.counted([named], people_of(settings), Traces(settings.traces_table, keys_of(settings)))


def _wake(settings: CommandSettings, case_id: str) -> None:
    """Make a request due at once: the dispatcher hands it to privacy_requests within a minute."""
    OrderBookTable(settings.order_book_table).defer(waiting.due_now(case_id, _now()))


def _now() -> datetime:
    return datetime.now(UTC)


PEOPLE_COMMANDS: Final[Mapping[str, Callable[[CommandSettings, Mapping[str, Any]], dict[str, Any]]]] = {
    "merge": lambda settings, arguments: identity_commands(settings).merge(arguments),
    "unmerge": lambda settings, arguments: identity_commands(settings).unmerge(arguments),
    "separate": lambda settings, arguments: identity_commands(settings).separate(arguments),
    "share": lambda settings, arguments: identity_commands(settings).share(arguments),
    "erase": lambda settings, arguments: privacy_commands(settings).erase(arguments),
    "export": lambda settings, arguments: privacy_commands(settings).export(arguments),
    "privacy": lambda settings, arguments: privacy_commands(settings).privacy(arguments),
    "duplicates": show_duplicates,
    "merge_duplicates": merge_duplicates,
}
