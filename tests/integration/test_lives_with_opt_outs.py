"""Random lives through everything that writes to the two vendors: an opt-out, once heard, holds at both in the end."""

import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from commerce_sync.vendors.hubspot.preferences import HubSpotPreferences
from commerce_sync.vendors.klaviyo import KlaviyoProfiles

from local.in_process import InProcessBundle
from local.sandboxes.server import Sandboxes
from tests.fakes import bundle as b
from tests.fakes import consented as c
from tests.fakes.consent_bundle import chain
from tests.fakes.delivered import command
from tests.fakes.properties import sync
from tests.integration import test_opt_outs_outlive_profiles as outlive
from tests.integration.test_erasure_and_access import work
from tests.integration.test_lists_reach_klaviyo import Lists

pytestmark = [pytest.mark.network, pytest.mark.long]
ANA, bundle = outlive.ANA, outlive.bundle


class Life:
    """Ana's: what may happen to her, and to her records at the vendors."""

    def __init__(self, bundle: InProcessBundle, sandboxes: Sandboxes) -> None:
        self.bundle, self.sandboxes, self.orders = bundle, sandboxes, 5000
        self.lists = Lists(bundle, sandboxes)
        self.has_opted_out = False

    def buys(self) -> None:
        """An order: a profile, a contact, and what her orders come to."""
        self.orders += 1
        outlive.buy(self.bundle, self.orders)

    def opts_out(self) -> None:
        """At a preference page."""
        at = datetime.now(UTC) - timedelta(seconds=1)
        c.hear(self.bundle, c.preference("unsubscribe", at, email=ANA))
        self.has_opted_out = True

    def opts_out_at_hubspot(self) -> None:
        """By a mail's footer: polling hears of it."""
        known = {"email": ANA, "properties": {"firstname": "Ana", "phone": outlive.BO}}
        self.sandboxes.hubspot.state.configure({"edit_contact": known})
        HubSpotPreferences(self.lists.hubspot).unsubscribe_all(ANA)
        self.has_opted_out = True

    def is_edited(self) -> None:
        """In HubSpot, with a phone number; her list fills Klaviyo's."""
        known = {"email": ANA, "properties": {"firstname": f"Ana {self.orders}", "phone": outlive.BO}}
        state = self.sandboxes.hubspot.state
        state.configure({"edit_contact": known})
        contact = str(state.stores["contacts"].find("email", ANA).id)  # type: ignore[attr-defined]
        state.configure({"lists": {"41": [contact]}})
        sync(self.bundle, b.waiting(self.bundle, "ProfileChangesQueue"))
        self.lists.look([*self.lists.read(), contact])

    def is_changed_by_hand(self) -> None:
        """At Klaviyo."""
        for profile in self.sandboxes.klaviyo.state.profiles.values():  # type: ignore[attr-defined]
            profile.properties["hubspot_lifecycle_stage"] = "theirs"
            self.sandboxes.klaviyo.clock.advance(1)
            profile.updated = self.sandboxes.klaviyo.state.clock.moment()  # type: ignore[attr-defined]

    def is_deleted_at_klaviyo(self) -> None:
        """By somebody there."""
        KlaviyoProfiles(self.lists.klaviyo).forget(email=ANA)
        self.sandboxes.klaviyo.clock.advance(600)

    def is_forgotten(self) -> None:
        """Which is an opt-out of everything."""
        command(self.bundle, "erase", address=ANA, by="kim", why="asked", dry_run=False, unknown=True)
        work(self.bundle)
        self.has_opted_out = True

    def rests(self) -> None:
        """Everything is polled and worked off."""
        outlive.drain(self.bundle, self.sandboxes, rounds=2)


@pytest.mark.parametrize("seed", range(4))
def test_an_opt_out_holds_whatever_is_written_after_it(
    bundle: InProcessBundle,  # the fixture
    sandboxes: Sandboxes,
    seed: int,
) -> None:
    """Nobody ever opts in here, so nobody may be subscribed; whoever opted out is out wherever somebody knows them."""
    life, chance = Life(bundle, sandboxes), random.Random(seed)  # noqa: S311 # no secret
    acts: list[Callable[[], None]] = [
        *(life.buys, life.is_edited, life.rests, life.is_changed_by_hand),
        *(life.is_deleted_at_klaviyo, life.is_forgotten, life.opts_out, life.opts_out_at_hubspot),
    ]
    for act in chance.sample(acts, k=len(acts)):
        act()
    life.buys()
    outlive.drain(bundle, sandboxes, rounds=4)
    assert life.has_opted_out
    assert [row.status for row in chain(bundle, ("email", ANA)).promises.values() if row.row in {"klaviyo", "hubspot"}]
    assert outlive.shown(sandboxes) == outlive.HELD
    assert outlive.contact(sandboxes)["sync_email_consent"] == "out"
    life.lists.look([str(one["id"]) for one in sandboxes.hubspot.state.snapshot()["contacts"]])
    assert life.lists.members() == []
    assert not [one for one in b.items(bundle, "ConsentOutboxTable") if one["status"]["S"] == "parked"]
