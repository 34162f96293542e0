"""history_backfill: every minute, some pages of each history that an operator started (``operations backfill``).

A second or late run is harmless: a document moves only past what is on its queue, what is told twice has the same ids,
and of two runs at a time one stops. It gives way to everything else, and states no consent: contacts are hints to read
them again, and what an order's box once said is not told anew (identity_normalization).
"""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial
from typing import Any

from commerce_sync.aws.control import Control
from commerce_sync.aws.secrets import cached_secret
from commerce_sync.backfilling.stepping import History, halt, in_turn, step
from commerce_sync.composing.backfill_pace import gives_way, most_a_minute
from commerce_sync.composing.backfilling import FIELDS, contact_history, name_of, order_history, walked_stores
from commerce_sync.errors import CommerceSyncError, ConfigurationError, PermanentError
from commerce_sync.observability import count, log
from commerce_sync.settings import settings_for
from commerce_sync.settings.consent import BackfillSettings

LAST_CALL_MILLISECONDS = 20_000
CONTACTS_A_PAGE = 100
GivesWay = Callable[[], str | None]
Begin = Callable[[], History]


def handler(_event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Walk on in each history that is running.

    :raises CommerceSyncError: a vendor refused one for good, or it has no token. It is paused with the reason; the
        others went on.
    """
    settings = settings_for(BackfillSettings)
    control, answer = Control(settings.control_table), {}
    refused: list[CommerceSyncError] = []
    for name, history, way, pages in in_turn(list(_running(settings, control)), _now()):
        budget = iter(range(pages))
        try:
            done = step(history(), control, way, _now, partial(_may_go_on, context, budget))
        except (ConfigurationError, PermanentError) as error:
            if isinstance(error, ConfigurationError):
                halt(control, name, str(error))
            log("a backfill was refused and is paused", backfill=name, reason=str(error))
            refused.append(error)
            continue
        answer[name] = {"ended": done.ended, "told": done.told, "why": done.why}
        if done.told:
            count("BackfilledRecords", done.told, backfill=name)
    if refused:
        raise refused[0]
    return answer


def _running(settings: BackfillSettings, control: Control) -> Iterator[tuple[str, Begin, GivesWay, int]]:
    """What is running by name, what makes its reader, what it gives way to, and its pages a minute."""
    if _is_running(control, FIELDS):
        way = gives_way(settings, [settings.profile_changes_queue_url], needs={"klaviyo": settings.klaviyo_mode})
        pages = max(1, most_a_minute() // CONTACTS_A_PAGE)
        yield FIELDS, partial(contact_history, settings, _tokens(settings), _now), way, pages
    queues = [settings.inbound_queue_url, settings.events_queue_url, settings.profile_changes_queue_url]
    for store in walked_stores():
        if _is_running(control, name_of(store)):
            history = partial(order_history, settings, _tokens(settings), store, _now)
            yield name_of(store), history, gives_way(settings, queues, needs={}, store=store), 1


def _is_running(control: Control, name: str) -> bool:
    return bool(control.read(name)[0].get("state") == "running")


def _tokens(settings: BackfillSettings) -> dict[str, Any]:
    return dict(cached_secret(settings.vendor_tokens_id).value())


def _may_go_on(context: Any, pages: Iterator[int]) -> bool:
    return bool(context.get_remaining_time_in_millis() > LAST_CALL_MILLISECONDS) and next(pages, None) is not None


def _now() -> datetime:
    return datetime.now(UTC)
