"""No opt-out at HubSpot is lost: of kinds that are new or ignored no more, or that only properties say."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import pytest
from commerce_sync.aws.control import Control
from commerce_sync.composing.polling_hubspot import KINDS, hubspot_sources
from commerce_sync.config.consent import consent_policy
from commerce_sync.contracts.consent import ConsentStatement
from commerce_sync.contracts.consent_policy import ConsentPolicy
from commerce_sync.contracts.shown_open import SHOWN_OPEN
from commerce_sync.polling.kinds import Kinds
from commerce_sync.polling.walking import walk
from commerce_sync.vendors.hubspot import HubSpot

from tests.unit.polling.portal import FAILS, FORBIDDEN, Documents, Portal

T = datetime(2026, 11, 1, 12, tzinfo=UTC)
STEP = timedelta(minutes=10)
NEW = "2"


@dataclass
class Polls:
    """Runs every ten minutes, and what they told."""

    portal: Portal = field(default_factory=Portal)
    documents: Documents = field(default_factory=Documents)
    told: list[ConsentStatement] = field(default_factory=list)
    at: datetime = T
    policy: ConsentPolicy = field(default_factory=consent_policy)

    def run(self, times: int = 1, pages: int = 9) -> None:
        """So many runs, each of so many pages of a source at most."""
        control, client = cast("Control", self.documents), cast("HubSpot", self.portal)
        for _ in range(times):
            self.at += STEP
            sources = hubspot_sources(client, control, STEP, self.at, self.told.extend, policy=self.policy)
            for source, begins in sources:
                left = iter(range(pages))
                walk(source, self.documents, lambda: self.at, lambda: next(left, None) is not None, begins)  # noqa: B023

    def configured(self, **changed: Any) -> None:
        """The deployer edits consent.toml."""
        self.policy = self.policy.model_copy(update=changed)

    def said(self) -> list[tuple[str, str, str | None, datetime | None]]:
        """What was told of consent, each once."""
        said = (one for one in self.told if one.action != "info")
        return list(dict.fromkeys((one.address, one.action, one.subscription, one.occurred_at) for one in said))

    def late(self) -> set[str]:
        """Kinds that are still late."""
        document, _ = self.documents.read(KINDS)
        return {one.kind for one in Kinds.from_document(document).late}


@pytest.fixture
def polls() -> Polls:
    """An account that was polled once before."""
    polls = Polls()
    polls.run()
    return polls


def test_an_opt_out_of_a_kind_that_was_just_made_is_told_by_the_next_run(polls: Polls) -> None:
    """Nobody could know the kind a run before."""
    polls.portal.kinds[NEW] = "Launch news"
    acted = polls.at + timedelta(minutes=3)
    polls.portal.opts_out("7", acted, NEW)
    polls.run()
    assert polls.said() == [("c7@example.com", "withdraw", NEW, acted)]
    polls.run(3)
    assert polls.late() == set()
    assert len(polls.said()) == 1


@pytest.mark.parametrize("refusal", [FAILS, FORBIDDEN])
def test_while_the_kinds_are_not_told_the_known_ones_are_asked_for(polls: Polls, refusal: Exception) -> None:
    """And what was made in the meantime is read from the last look on, however long that was."""
    polls.portal.kinds[NEW] = "Launch news"
    polls.portal.definitions_fail = refusal
    acted = polls.at + timedelta(minutes=3)
    polls.portal.opts_out("7", acted, NEW)
    polls.portal.opts_out("8", acted, "1")
    polls.run(300)
    assert polls.said() == [("c8@example.com", "withdraw", "Marketing Information", acted)]
    polls.portal.definitions_fail = None
    polls.run(2)
    assert ("c7@example.com", "withdraw", NEW, acted) in polls.said()


def test_a_kind_that_is_ignored_no_more_is_read_from_the_beginning(polls: Polls) -> None:
    """No baseline and no run ever asked for it."""
    years_ago = T - timedelta(days=900)
    polls.portal.opts_out("7", years_ago, "9")
    polls.run()
    assert polls.said() == []
    polls.configured(ignored_hubspot=())
    polls.run(2)
    assert polls.said() == [("c7@example.com", "withdraw", "9", years_ago)]
    assert polls.late() == set()


def test_a_kind_that_means_another_purpose_is_read_from_the_beginning(polls: Polls) -> None:
    """Who left it left the new purpose as well."""
    years_ago = T - timedelta(days=900)
    polls.portal.opts_out("7", years_ago, "1")
    (purpose,) = polls.policy.purposes
    polls.configured(purposes=(purpose.model_copy(update={"id": "newsletter"}),), default_purpose="newsletter")
    polls.run()
    assert polls.said() == [("c7@example.com", "withdraw", "Marketing Information", years_ago)]


def test_a_late_kind_is_read_across_runs_that_are_cut_short(polls: Polls) -> None:
    """A window that is not finished is gone on with."""
    for contact_id in range(1, 60):
        polls.portal.opts_out(str(contact_id), T - timedelta(days=900), "9")
    polls.configured(ignored_hubspot=())
    polls.run(3, pages=1)
    assert len({one.address for one in polls.told}) == 59
    polls.run()
    assert polls.late() == set()


def test_what_no_status_says_the_contact_says(polls: Polls) -> None:
    """Statuses lag behind the property, or are not told: that is no reason to have heard nothing."""
    acted = polls.at + timedelta(minutes=3)
    polls.portal.opts_out("7", acted, "*")
    polls.run(4)
    assert [one.purpose for one in polls.told if one.action != "info"] == ["*"]
    assert polls.said() == [("c7@example.com", "withdraw", None, acted)]


def test_what_a_status_says_the_contact_says_no_more(polls: Polls) -> None:
    """One address of two said it: the other one did not."""
    acted = polls.at + timedelta(minutes=3)
    polls.portal.opts_out("7", acted, "1", email="ana@example.com", additional="a@example.com")
    polls.portal.statuses["a@example.com"] = [
        {"subscriptionId": 1, "status": "UNSUBSCRIBED", "timestamp": acted.isoformat()}
    ]
    polls.run()
    assert polls.said() == [("a@example.com", "withdraw", "Marketing Information", acted)]


def test_where_statuses_may_not_be_read_an_additional_address_is_opted_out_each_time(polls: Polls) -> None:
    """It may have opted in again in between."""
    polls.portal.statuses_are_allowed = False
    for _ in range(2):
        polls.portal.opts_out("7", polls.at + timedelta(minutes=3), "*", additional="a@example.com")
        polls.run(2)
    ids = {one.statement_id for one in polls.told if one.address == "a@example.com"}
    assert len(ids) == 2


def test_a_contact_that_nobody_was_told_of_is_named_once_for_each_channel(polls: Polls) -> None:
    """It says nothing of consent; one that our properties describe already is not named."""
    at = polls.at + timedelta(minutes=3)
    known = {"email": "ana@example.com", "phone": "+12025550101", "mobilephone": "+12025550102", "country": "US"}
    polls.portal.contacts["7"] = (known, at)
    polls.portal.contacts["8"] = ({"email": "bo@example.com", "sync_email_consent": "in"}, at)
    polls.run(3)
    assert [(one.address, one.action, one.method, one.occurred_at) for one in polls.told] == [
        ("ana@example.com", "info", SHOWN_OPEN, at),
        ("+12025550101", "info", SHOWN_OPEN, at),
        ("+12025550102", "info", SHOWN_OPEN, at),
    ]
