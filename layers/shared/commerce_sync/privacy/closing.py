"""The end of a request: the stages of each kind, and what its proof says last."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from commerce_sync.contracts.privacy import PrivacyCase
from commerce_sync.privacy.exporting import ExportSteps
from commerce_sync.privacy.needs import Places
from commerce_sync.privacy.noting import Progress
from commerce_sync.privacy.person import PersonSteps
from commerce_sync.privacy.shops import ShopSteps
from commerce_sync.privacy.vendors import VendorSteps
from commerce_sync.privacy.working import Stage, Step

VENDORS = ("hubspot", "klaviyo")
Run = Callable[[PrivacyCase], Progress]
STAYS = (
    "keyed hashes of the identifiers, as marks against coming back",
    "amounts and ids of orders, without anybody's name",
    "entries of the consent ledger: that a keyed hash opted in or out, when and where, and nothing that names anybody",
    "point-in-time backups of the tables, up to 35 days",
    "dead letters, up to 14 days",
    "the lists of likely duplicates (audits/): record ids and keyed hashes, up to 14 days",
    "deliveries whose message never arrived here: they left no trace, and go when the archive expires",
    "contacts that HubSpot keeps in its own archive and does not delete there, up to 90 days",
)


@dataclass(frozen=True)
class Times:
    """When to look again (``check_after``, seconds), how long to look (seconds), how long an export lies (days)."""

    check_after: float
    check_patience: float
    export_days: float


UNTOLD_WAIT = 300.0
"""Seconds until it is looked again whether every destination was told, at most."""


def stages(places: Places, times: Times) -> Mapping[str, Sequence[Stage]]:
    """What is done for each kind of request, in order."""
    look_again = min(UNTOLD_WAIT, times.check_after)
    person, shop = PersonSteps(places, look_again), ShopSteps(places)
    vendors = VendorSteps(places, person.returned, look_again=times.check_after)
    export = ExportSteps(places, times.export_days)
    here = {
        "archive": person.erase_archive,
        "quarantine": person.erase_quarantined,
        "orders": person.erase_orders,
        "confirmed": person.erase_confirmed,
        "observed": person.erase_observed,
    }
    everywhere = {
        **here,
        "consent": person.withdraw_consent,
        "hubspot": vendors.erase_hubspot,
        "klaviyo": vendors.erase_klaviyo,
    }
    checked = {
        "marks": person.check_marks,
        **here,
        "consent": person.shred_consent,
        "hubspot": once_nobody_is_told(vendors.check_hubspot, look_again),
        "klaviyo": once_nobody_is_told(vendors.check_klaviyo, look_again),
    }
    of_shop = (
        Step("archive", shop.erase_archive),
        Step("quarantine", shop.erase_quarantined),
        Step("orders", shop.erase_orders),
    )
    again = tuple(Step(f"check_{step.name}", step.run) for step in of_shop)
    return {
        "erase": (
            Stage((Step("find", person.find),)),
            Stage((Step("mark", person.mark),)),
            Stage(tuple(Step(name, run) for name, run in everywhere.items())),
            Stage(
                tuple(Step(f"check_{name}", run) for name, run in checked.items()),
                delay=times.check_after,
                patience=times.check_patience,
            ),
            Stage((Step("traces", person.remove_traces),)),
        ),
        "access": (Stage((Step("search", export.search),)), Stage((Step("gather", export.gather),))),
        "erase_store": (
            Stage((Step("begin", shop.begin),)),
            Stage((Step("records", shop.forget_records),)),
            Stage(of_shop),
            Stage(again, delay=times.check_after),
        ),
    }


def once_nobody_is_told(check: Run, look_again: float) -> Run:
    """A vendor's check, after all that may make somebody known there anew: an opt-out that is told late, an import."""

    def run(case: PrivacyCase) -> Progress:
        if first := next((name for name in ("check_consent", "check_confirmed") if not case.has_done(name)), None):
            return Progress(waits_for=f"{first} comes first", wait=look_again)
        return check(case)

    return run


def finished(case: PrivacyCase, now: datetime) -> PrivacyCase:
    """The case closed: the identifiers go, what must still be said stays."""
    kinds = {kind for kind, _ in (case.work.identifiers if case.work else ()) if ":" in kind}
    own = f"{case.source}:{case.store}"
    stores = tuple(sorted(kind for kind in kinds if kind != own and not kind.startswith(VENDORS)))
    telling = case.kind == "access"
    return case.model_copy(
        update={
            "state": "ready" if telling else "done",
            "reason": None,
            "waits": {},
            "work": None,
            "finished_at": now,
            "ask_by_hand": () if telling else stores if case.kind == "erase" else VENDORS,
            "stays": () if telling else STAYS,
        }
    )
