"""Keeping the rows of one destination: read back always, closed at once, opened with care.

Telling again is harmless, and a crash anywhere leaves the row due.
"""

from collections.abc import Sequence
from dataclasses import replace

from commerce_sync.consent import rows
from commerce_sync.consent.opening import open_all
from commerce_sync.consent.telling import OBSERVED, Desk, Task
from commerce_sync.contracts.consent import Address
from commerce_sync.contracts.consent_book import ConsentPromise


def keep(desk: Desk, owned: Sequence[tuple[ConsentPromise, Address]]) -> None:
    """Bring the destination to what the ledger says of these addresses, and write down what became of each row."""
    tasks = desk.tasks(owned)
    wrong = _read_back(desk, [one for one in tasks if one.row.status == "verifying"])
    todo = [one for one in tasks if one.row.status == "pending"] + wrong
    open_all(desk, _close(desk, _allowed(desk, todo)))


def _read_back(desk: Desk, tasks: Sequence[Task]) -> list[Task]:
    """Confirm what is shown; returns what was accepted and is not shown, to be told again."""
    shown = desk.shown(tasks)
    wrong = []
    for task in tasks:
        found = shown.get(task.address[1])
        if found is None:
            continue
        if not found.lacks(task.wanted, opt_ins=desk.may_open(task)):
            desk.settle(task.row, _confirmed(desk, task))
            continue
        desk.counts["ConsentNotTaken"] += task.row.wanted == task.wanted.fingerprint
        if task.row.attempts >= rows.MOST_ATTEMPTS and not task.wanted.closes:
            desk.settle(task.row, rows.parked(task.row, "accepted and never taken"))
            continue
        wrong.append(replace(task, row=replace(task.row, status="pending", urgent=task.wanted.closes)))
    return wrong


def _confirmed(desk: Desk, task: Task) -> ConsentPromise:
    """The row that is shown as it shall be. An opt-in in it that may not be told yet still waits for its time."""
    row = rows.confirmed(task.row, task.wanted, desk.now(), desk.limits)
    reason = desk.closed_to(task) if task.wanted.opens else None
    return rows.observed(row, reason) if reason and row.status == "settled" else row


def _allowed(desk: Desk, tasks: Sequence[Task]) -> list[Task]:
    """Without what the modes do not allow, which is written down."""
    allowed = []
    for task in tasks:
        if desk.permissions.modes.may_tell(desk.destination.place, task.row.subject, task.wanted):
            allowed.append(task)
        else:
            desk.settle(task.row, rows.observed(task.row, OBSERVED))
    return allowed


def _close(desk: Desk, tasks: Sequence[Task]) -> list[Task]:
    """Tell what takes permission back; returns what is left to be opened."""
    wanted = [desk.noted(one) if one.row.attempts else one for one in tasks if one.wanted.closes]
    closing = [one for one in wanted if one is not None]
    outcomes = desk.tell(desk.destination.close, closing)
    left = [one for one in tasks if not one.wanted.closes]
    for task in closing:
        outcome = outcomes[task.address[1]]
        if (outcome.told or outcome.nobody) and task.wanted.opens and desk.may_open(task):
            left.append(task)
        else:
            desk.conclude(task, outcome)
    return left
