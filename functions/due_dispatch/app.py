"""due_dispatch: gives promises whose time has come to the worker that keeps them. Dispatcher and sweeper in one.

It runs every minute. A promise that waits for a retry and one that a crash left behind look the same: open, and due.
A second run is harmless: each row is claimed by a conditional write, and a claim that is lost does nothing. A crash
after a claim leaves the row due again when the lease runs out; so rows are claimed and sent on some at a time, and none
once time runs short.
"""

import time
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from itertools import islice
from typing import Any
from uuid import uuid4

from commerce_sync.aws.consent_outbox import ConsentOutbox
from commerce_sync.aws.consent_rows import CHECKS, URGENT
from commerce_sync.aws.due_rows import DueRows
from commerce_sync.aws.promise_items import SHARDS
from commerce_sync.aws.queues import depth, send_all
from commerce_sync.contracts import DueRow, DueWork
from commerce_sync.observability import count
from commerce_sync.privacy.waiting import is_about_privacy
from commerce_sync.profiles.looks import is_about_profile
from commerce_sync.settings import settings_for
from commerce_sync.settings.workers import DispatchSettings

MOST_TOGETHER = 50
MOST_CONSENTS = 25
MOST_CLAIMED = 200
ATTEMPTS_TOGETHER = 3
"""A promise that led nowhere this often travels alone, so that it cannot take its neighbours down again."""


def handler(_event: dict[str, Any], _context: object) -> dict[str, int]:
    """Claim what is due and send it on, what takes consent back before everything else."""
    settings, began = settings_for(DispatchSettings), time.monotonic()
    dispatched = _dispatch_consents(settings, began + settings.consents_for)
    count("OldestOptOutSeconds", _longest_wait(settings), metric_unit="Seconds")
    rows = DueRows(settings.order_book_table)
    claims = rows.claim(datetime.now(UTC), settings.dispatch_lease, uuid4().hex, settings.dispatch_limit)
    for claimed in _pieces(claims, began + settings.dispatches_for):
        _send(settings.events_queue_url, filter(_is_about_event, claimed), MOST_TOGETHER)
        _send(settings.profile_changes_queue_url, (one for one in claimed if is_about_profile(one[0])), MOST_TOGETHER)
        _send(settings.privacy_queue_url, (one for one in claimed if is_about_privacy(one[0])), 1)
        dispatched += len(claimed)
    if dispatched:
        count("DueRows", dispatched)
    return {"dispatched": dispatched}


def _dispatch_consents(settings: DispatchSettings, ends: float) -> int:
    """What the consent outbox has due: what takes something back, then what did so and is read back, then the rest."""
    dispatched = 0
    opt_outs, opt_ins = settings.opt_outs_queue_url, settings.opt_ins_queue_url
    for kinds, queue_url in (((URGENT, CHECKS), opt_outs), ((SHARDS,), opt_ins)):
        left, lease = settings.dispatch_limit, _lease(settings, queue_url)
        for shards in kinds:
            rows = DueRows(settings.consent_outbox_table, shards)
            for claimed in _pieces(rows.claim(datetime.now(UTC), lease, uuid4().hex, left), ends):
                _send(queue_url, claimed, MOST_CONSENTS)
                left -= len(claimed)
        dispatched += settings.dispatch_limit - left
    return dispatched


def _lease(settings: DispatchSettings, queue_url: str) -> float:
    """Seconds until a row is due again: longer than its message may wait behind what stands in its queue already.

    Were it shorter, the row would be claimed anew while the message waits, which then finds that it is not its own; so
    would the next one, and behind a backlog of an hour nothing that waits would ever be kept.
    """
    waits = depth(queue_url) * settings.message_seconds
    return min(settings.dispatch_lease + waits, settings.longest_lease)


def _longest_wait(settings: DispatchSettings) -> float:
    """Seconds since the opt-out was written down that has waited longest to be told; 0 where none waits.

    Every minute, whatever is due: a destination that is down, or refuses its token, makes its rows wait in silence.
    """
    since = ConsentOutbox(settings.consent_outbox_table).owed_since()
    return (datetime.now(UTC) - since).total_seconds() if since else 0.0


def _is_about_event(claimed: tuple[DueRow, int]) -> bool:
    return not is_about_profile(claimed[0]) and not is_about_privacy(claimed[0])


def _pieces(claims: Iterator[tuple[DueRow, int]], ends: float) -> Iterator[list[tuple[DueRow, int]]]:
    """Rows as they are claimed, some at a time; the first ones whatever the time, so that each run gets on."""
    while claimed := list(islice(claims, MOST_CLAIMED)):
        yield claimed
        if time.monotonic() >= ends:
            return


def _send(queue_url: str, claimed: Iterable[tuple[DueRow, int]], most: int) -> None:
    messages = (DueWork(schema_version=DueWork.VERSION, rows=tuple(group)) for group in _groups(claimed, most))
    send_all(queue_url, (message.to_json() for message in messages))


def _groups(claimed: Iterable[tuple[DueRow, int]], most: int) -> Iterator[list[DueRow]]:
    together = []
    for row, attempts in claimed:
        if attempts > ATTEMPTS_TOGETHER:
            yield [row]
        else:
            together.append(row)
    yield from (together[start : start + most] for start in range(0, len(together), most))
