"""How fast history may be walked, and what it gives way to."""

import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Final

from commerce_sync.aws.budget_table import BudgetTable
from commerce_sync.aws.control import Control
from commerce_sync.aws.queues import depth
from commerce_sync.budgets.asking import Wait, ask
from commerce_sync.budgets.counting import ceiling
from commerce_sync.budgets.state import read_state
from commerce_sync.composing.permissions import is_stopped
from commerce_sync.composing.polling_stores import PAGES
from commerce_sync.config.limits import vendor_limits
from commerce_sync.contracts import Store
from commerce_sync.settings.consent import BackfillSettings

CALLS_AN_ORDER: Final[Mapping[str, int]] = {"bigcommerce": 4}
"""How often a store is asked about one old order, where its list says too little: for itself, its lines, its refunds
and its parcels."""
ANY_CALL: Final = ("GET", "/orders")
"""Of a store, all of whose calls are counted together."""
WRITES: Final[Mapping[str, tuple[str, str]]] = {
    "klaviyo": ("POST", "/api/profile-import"),
    "hubspot": ("POST", "/crm/objects/{V}/contacts/batch/read"),
}
"""The call of each vendor of which what we tell it takes most: a profile at a time is the most that it can take."""


def most_a_minute() -> int:
    """How many contacts history may tell Klaviyo: its share of a minute's calls, were each a call of its own."""
    return _share_of_a_minute("klaviyo", *WRITES["klaviyo"])


def orders_a_minute(source: str) -> int:
    """How many orders history may read: a page, and no more than its share of the store's calls lets be asked about."""
    calls = CALLS_AN_ORDER.get(source)
    return min(PAGES[source], max(1, _share_of_a_minute(source, *ANY_CALL) // calls)) if calls else PAGES[source]


def gives_way(
    settings: BackfillSettings, queues: Sequence[str], *, needs: Mapping[str, str], store: Store | None = None
) -> Callable[[], str | None]:
    """What goes first now: the stop, a destination that is not live (``needs``, by vendor), messages in a queue that
    history would stand in, the budgets of the vendors and of the store that is read. None where there is room.
    """
    return partial(_first_of_all, settings, queues, needs, store)


def _share_of_a_minute(vendor: str, method: str, path: str) -> int:
    _, tier = vendor_limits()[vendor].place(vendor, method, path)
    minute = (ceiling(tier, "backfill", one.calls) * 60 // one.seconds for one in tier.windows)
    return max(1, min(minute, default=1))


def _first_of_all(
    settings: BackfillSettings, queues: Sequence[str], needs: Mapping[str, str], store: Store | None
) -> str | None:
    if is_stopped(Control(settings.control_table)):
        return "an operator stopped everything but opt-outs"
    if not_live := next((vendor for vendor, mode in needs.items() if mode != "live"), None):
        return f"{not_live} is not live"
    if any(depth(url) > settings.most_waiting for url in queues):
        return f"more than {settings.most_waiting} messages wait in a queue"
    asked = [(vendor, vendor, call) for vendor, call in WRITES.items()]
    if store:
        asked.append((store.source, f"{store.source}:{store.id}", ANY_CALL))
    waits = (_room(settings, vendor, account, call) for vendor, account, call in asked)
    return next((why for why in waits if why), None)


def _room(settings: BackfillSettings, vendor: str, account: str, call: tuple[str, str]) -> str | None:
    """Why history may not call an account now. Looked at, and nothing is drawn: whoever calls it draws."""
    if not settings.budget_table:
        return None
    limits, table = vendor_limits()[vendor], BudgetTable(settings.budget_table)
    name, tier = limits.place(account, *call)
    state = read_state(table.read(name)[0])
    verdict = ask(state, tier, "backfill", 1, time.time())
    return f"{account}: {verdict.why}" if isinstance(verdict, Wait) else None
