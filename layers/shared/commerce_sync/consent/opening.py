"""Telling an opt-in, with care: it is the only thing here that could reach somebody against their will.

The target is read first; that it will be told is noted; the ledger is read again; it is told; and the ledger is read
once more: an opt-out that came in between is told at once after it. So whatever two workers do at one time, the last
thing told is what the ledger says.
"""

from collections.abc import Sequence
from dataclasses import replace

from commerce_sync.consent import rows
from commerce_sync.consent.echoes import is_our_opt_out
from commerce_sync.consent.telling import NO_BASELINE, Desk, Task
from commerce_sync.contracts.consent_shown import Shown
from commerce_sync.errors import RetriableError


def open_all(desk: Desk, tasks: Sequence[Task]) -> None:
    """Tell everything that takes nothing back, after the settle window, where nothing speaks against it."""
    ready = [one for one in tasks if _is_ready(desk, one)]
    sure = _still_wanted(desk, _noted(desk, _not_shown_otherwise(desk, ready)))
    outcomes = desk.tell(desk.destination.open, sure)
    _take_back(desk, sure)
    for task in sure:
        desk.conclude(task, outcomes[task.address[1]])


def _is_ready(desk: Desk, task: Task) -> bool:
    if not task.wanted.opens:
        return True
    if not desk.permissions.baseline_is_complete():
        desk.settle(task.row, rows.observed(task.row, NO_BASELINE))
        return False
    if task.row.settle_at and task.row.settle_at > desk.now():
        desk.settle(task.row, rows.settling(task.row))
        return False
    return True


def _not_shown_otherwise(desk: Desk, tasks: Sequence[Task]) -> list[Task]:
    """Those that the target does not show already; an opt-out that it shows is a fact, and goes to the ledger first."""
    opening = [one for one in tasks if one.wanted.opens]
    shown = desk.shown(opening)
    left = [one for one in tasks if not one.wanted.opens]
    for task in opening:
        found = shown.get(task.address[1])
        if found is None:
            continue
        if not (found.lacks(task.wanted) or task.wanted.asks):
            desk.settle(task.row, rows.shown_already(task.row, task.wanted))
            continue
        _ingest(desk, task, found)
        left.append(task)
    return left


def _ingest(desk: Desk, task: Task, found: Shown) -> None:
    for purpose in (*task.wanted.of("in"), *task.wanted.asks):
        at = found.out_at.get(purpose)
        is_out = found.purposes.get(purpose) == "out" or purpose in found.partly_out
        if is_out and not (at and is_our_opt_out(task.row.told, at, task.wanted)):
            desk.counts["OptOutsFoundAtTarget"] += 1
            desk.notice(task.address, purpose, at)


def _noted(desk: Desk, tasks: Sequence[Task]) -> list[Task]:
    """With the telling of each opt-in written down before it happens; without rows that changed."""
    written = (desk.noted(one) if one.wanted.opens else one for one in tasks)
    return [one for one in written if one is not None]


def _still_wanted(desk: Desk, tasks: Sequence[Task]) -> list[Task]:
    """Those that the ledger still wants as they were: read at the last moment."""
    chains = desk.ledger.read([one.address for one in tasks])
    same = []
    for task in tasks:
        wanted = desk.wanted(chains[task.address])
        if wanted.fingerprint == task.wanted.fingerprint:
            same.append(replace(task, wanted=wanted))
        else:
            desk.settle(task.row, rows.retried(task.row, desk.now(), desk.limits, RetriableError("the ledger changed")))
    return same


def _take_back(desk: Desk, tasks: Sequence[Task]) -> None:
    """Where an opt-out came in while an opt-in was told, tell it once more, after it."""
    opened = {one.address: one.wanted.fingerprint for one in tasks if one.wanted.opens}
    if not opened:
        return
    chains = desk.ledger.read(list(opened))
    undone = [replace(one, wanted=desk.wanted(chains[one.address])) for one in tasks if one.address in opened]
    closing = [one for one in undone if one.wanted.closes and one.wanted.fingerprint != opened[one.address]]
    desk.counts["OptInsTakenBack"] += len(closing)
    desk.tell(desk.destination.close, closing)
