"""Whether somebody may join a list of Klaviyo's: not while that starts a live flow that nobody acknowledged."""

from collections.abc import Callable, Iterable
from functools import cache, partial
from typing import Final

from commerce_sync.backfilling.flows import Changing, unanswered
from commerce_sync.composing.flow_guard import flows_started_by
from commerce_sync.contracts.fields import HubSpotList
from commerce_sync.vendors.http import VendorHttp
from commerce_sync.vendors.klaviyo import KlaviyoPolling
from commerce_sync.vendors.klaviyo.flow_triggers import KlaviyoFlowTriggers
from commerce_sync.vendors.remembering import Remembered

SECONDS: Final = 900.0
"""How long it is kept which flows there are: a flow that is set live meanwhile may start so long."""
UNREAD: Final = (
    "klaviyo: who joins list {} may start flows, and those cannot be read. Give the key the scopes flows:read and"
    " segments:read, then release what is parked"
)
AT_RISK: Final = (
    "klaviyo: who joins list {} may start flows that write to people: {}. Set each to draft, or name it in the list's"
    " flows in fields.toml; then release what is parked"
)


@cache
def unready_of(http: VendorHttp, lists: tuple[HubSpotList, ...]) -> Callable[[str], str]:
    """Why nobody may join a list, in words; empty where they may. One for each session: it remembers for a while."""
    known = {one.klaviyo: Remembered(partial(_unready, http, one), SECONDS) for one in lists if one.klaviyo}
    return lambda list_id: known[list_id].value()


def list_misfits(http: VendorHttp, lists: Iterable[HubSpotList]) -> list[str]:
    """The lists that fields.toml names and Klaviyo has not, for ``setup``."""
    wanted = {one.klaviyo: one.name for one in lists if one.klaviyo}
    there = {one.list_id for one in KlaviyoPolling(http).lists()} if wanted else set()
    return [
        f"klaviyo has no list {one}, which fields.toml fills by {name}"
        for one, name in wanted.items()
        if one not in there
    ]


def _unready(http: VendorHttp, joined: HubSpotList) -> str:
    list_id = joined.klaviyo or ""
    found = flows_started_by(KlaviyoFlowTriggers(http), Changing(frozenset(), frozenset({list_id})))
    if found.unread:
        return UNREAD.format(list_id)
    left = unanswered(found.at_risk, joined.flows)
    return AT_RISK.format(list_id, ", ".join(f"{one.flow.id} ({one.flow.name})" for one in left)) if left else ""
