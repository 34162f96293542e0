"""Our own client of Klaviyo's consent against the sandbox, over a socket."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from commerce_sync.errors import PausedError, PermanentError, RefusedByVendorError, RetriableError
from commerce_sync.vendors.http import Answer, VendorHttp
from commerce_sync.vendors.klaviyo import KlaviyoPolling, KlaviyoProfiles
from commerce_sync.vendors.klaviyo.client import MEDIA_TYPE
from commerce_sync.vendors.klaviyo.consent import KlaviyoConsent
from commerce_sync.vendors.klaviyo.subscriptions import subscription_of
from commerce_sync.vendors.verdicts import Verdict

from local.sandboxes.base import Fault, Sandbox
from local.sandboxes.server import Sandboxes

pytestmark = pytest.mark.network
ANA, BO, PHONE = "ana@example.com", "bo@example.com", "+12025550131"
PAST = datetime(2026, 9, 30, 10, 15, tzinfo=UTC)
GRANTS, WITHDRAWALS = "/api/profile-subscription-bulk-create-jobs", "/api/profile-subscription-bulk-delete-jobs"


@pytest.fixture
def sandbox(sandboxes: Sandboxes) -> Sandbox:
    """An empty account that answers as often as it is asked."""
    sandboxes.klaviyo.state.configure({"rate_limits": False})
    return sandboxes.klaviyo


class CountedHttp(VendorHttp):
    """A session that remembers its calls."""

    def __init__(self, url: str) -> None:
        headers = {"Authorization": "Klaviyo-API-Key pk_local", "revision": "2026-10-15", "Content-Type": MEDIA_TYPE}
        super().__init__("klaviyo", url, headers, 10.0)
        self.calls: list[tuple[str, str]] = []

    def call(self, method: str, path: str, body: Any = None, params: Mapping[str, str] | None = None) -> Answer:
        """As a session does."""
        self.calls.append((method, path))
        return super().call(method, path, body, params)


@pytest.fixture
def http(sandboxes: Sandboxes, sandbox: Sandbox) -> CountedHttp:
    """A session with it."""
    return CountedHttp(sandboxes.urls["klaviyo"])


@pytest.fixture
def consent(http: VendorHttp) -> KlaviyoConsent:
    """Consent at it."""
    return KlaviyoConsent(http)


@pytest.fixture
def polling(http: VendorHttp) -> KlaviyoPolling:
    """Reading it."""
    return KlaviyoPolling(http)


@pytest.fixture
def calls(http: CountedHttp) -> list[tuple[str, str]]:
    """Every call of that session."""
    return http.calls


def accepted(verdicts: list[Verdict]) -> list[str]:
    """The addresses that were taken."""
    return [verdict.address for verdict in verdicts if verdict.is_accepted]


def grant(consent: KlaviyoConsent, *emails: str) -> None:
    """Live grants by email."""
    consent.subscribe("email", [(email, None) for email in emails], historical=False, list_id=None, source="Sync")


def test_withdrawals_go_by_a_hundred_and_everywhere(
    sandbox: Sandbox, consent: KlaviyoConsent, calls: list[tuple[str, str]]
) -> None:
    """Each address once, however often it is given; nobody needs to be known before."""
    emails = [f"p{number}@example.com" for number in range(205)]
    assert accepted(consent.unsubscribe("email", [*emails, *emails])) == emails
    assert calls == [("POST", WITHDRAWALS)] * 3
    found = consent.subscriptions(emails, "email")
    assert {shown.consent for shown in found.values()} == {"UNSUBSCRIBED"}
    assert len(found) == 205
    assert [reason for reason, _ in found[emails[0]].suppressions] == ["UNSUBSCRIBE"]


def test_a_phone_number_is_withdrawn_on_its_own_channel(sandbox: Sandbox, consent: KlaviyoConsent) -> None:
    """SMS has no suppressions."""
    grant(consent, ANA)
    assert accepted(consent.unsubscribe("sms", [PHONE])) == [PHONE]
    shown = consent.subscriptions([PHONE], "sms")[PHONE]
    assert (shown.consent, shown.suppressions, shown.can_receive) == ("UNSUBSCRIBED", (), False)


def test_one_phone_number_that_klaviyo_cannot_serve_refuses_nobody_else(
    sandbox: Sandbox, consent: KlaviyoConsent
) -> None:
    """Klaviyo refuses the whole call and names nobody we trust it to name: the call is halved."""
    served = [f"+1202555{number:04}" for number in range(100, 120)]
    unserved = "+819012345678"
    entries: list[tuple[str, datetime | None]] = [(phone, None) for phone in [*served[:7], unserved, *served[7:]]]
    verdicts = consent.subscribe("sms", entries, historical=False, list_id=None, source="Sync")
    assert accepted(verdicts) == served
    (refused,) = [verdict for verdict in verdicts if not verdict.is_accepted]
    assert refused.address == unserved
    assert isinstance(refused.refused, RefusedByVendorError)
    assert set(consent.subscriptions([*served, unserved], "sms")) == set(served)


def test_grants_go_by_a_thousand(consent: KlaviyoConsent, calls: list[tuple[str, str]]) -> None:
    """And what is over goes in another call."""
    grant(consent, *(f"p{number}@example.com" for number in range(1001)))
    assert calls == [("POST", GRANTS)] * 2


def test_a_historical_grant_keeps_its_time_and_starts_nothing(sandbox: Sandbox, consent: KlaviyoConsent) -> None:
    """Neither a flow nor a message that asks for confirmation, even on a double opt-in list."""
    sandbox.state.configure({"default_opt_in": "double_opt_in"})
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    entries = [(ANA, PAST), (BO, None), ("cy@example.com", tomorrow)]
    verdicts = consent.subscribe("email", entries, historical=True, list_id=None, source="Ledger")
    assert accepted(verdicts) == [ANA]
    undated, ahead = verdicts[1:]
    assert (type(undated.refused), ahead.refused) == (PermanentError, None)
    assert ahead.retriable is not None
    assert ahead.retriable.retry_after == 3600
    shown = consent.subscriptions([ANA, BO], "email")
    assert list(shown) == [ANA]
    assert (shown[ANA].consent, shown[ANA].consented_at) == ("SUBSCRIBED", PAST)
    assert (shown[ANA].method, shown[ANA].method_detail, shown[ANA].double_optin) == ("API", "Ledger", False)
    assert sandbox.state.snapshot()["flow_triggers"] == 0


def test_a_live_grant_with_a_time_sends_none(sandbox: Sandbox, consent: KlaviyoConsent) -> None:
    """Klaviyo refuses one; and a double opt-in account waits for the person."""
    sandbox.state.configure({"default_opt_in": "double_opt_in"})
    verdicts = consent.subscribe("email", [(ANA, PAST)], historical=False, list_id=None, source="")
    assert accepted(verdicts) == [ANA]
    assert consent.subscriptions([ANA], "email")[ANA].consent == "NEVER_SUBSCRIBED"
    sandbox.state.configure({"confirm_opt_ins": [ANA]})
    assert consent.subscriptions([ANA], "email")[ANA].double_optin is True


def test_what_was_accepted_shows_later_or_never(sandbox: Sandbox, consent: KlaviyoConsent) -> None:
    """A lag, and a record that is dropped after its 202: only reading back tells."""
    sandbox.state.configure({"consent_lag": 60})
    assert accepted(consent.unsubscribe("email", [ANA])) == [ANA]
    assert consent.subscriptions([ANA], "email") == {}
    sandbox.clock.advance(60)
    assert consent.subscriptions([ANA], "email")[ANA].consent == "UNSUBSCRIBED"
    sandbox.faults.append(Fault(path_prefix=WITHDRAWALS, drop=True))
    assert accepted(consent.unsubscribe("email", [BO])) == [BO]
    sandbox.clock.advance(3600)
    assert consent.subscriptions([BO], "email") == {}


def test_a_list_withdrawal_reaches_its_members_only(
    sandbox: Sandbox, http: VendorHttp, consent: KlaviyoConsent
) -> None:
    """Klaviyo would unsubscribe the others everywhere, so they are never sent."""
    listed = new_list(http)
    consent.subscribe("email", [(ANA, None)], historical=False, list_id=listed, source="Sync")
    grant(consent, BO)
    verdicts = consent.unsubscribe_from_list(listed, [ANA, BO, "nobody@example.com"])
    assert accepted(verdicts) == [ANA]
    assert [verdict.address for verdict in verdicts if verdict.skipped] == [BO, "nobody@example.com"]
    shown = consent.subscriptions([ANA, BO], "email")
    assert [shown[email].consent for email in (ANA, BO)] == ["SUBSCRIBED", "SUBSCRIBED"]
    assert [entry[:2] for entry in shown[ANA].list_suppressions] == [(listed, "UNSUBSCRIBE")]
    assert shown[BO].list_suppressions == ()


def new_list(http: VendorHttp) -> str:
    """A new list's id."""
    attributes = {"name": "Customers", "opt_in_process": "single_opt_in"}
    answer = http.call("POST", "/api/lists", {"data": {"type": "list", "attributes": attributes}})
    return str(answer.json["data"]["id"])


def test_a_hold_is_a_manual_suppression_that_can_be_lifted(sandbox: Sandbox, consent: KlaviyoConsent) -> None:
    """Consent stays as it was, and no other suppression is lifted."""
    grant(consent, ANA)
    sandbox.state.configure({"suppressions": [(ANA, "HARD_BOUNCE")]})
    assert accepted(consent.suppress([ANA])) == [ANA]
    held = consent.subscriptions([ANA], "email")[ANA]
    assert (held.consent, held.can_receive) == ("SUBSCRIBED", False)
    assert {reason for reason, _ in held.suppressions} == {"HARD_BOUNCE", "USER_SUPPRESSED"}
    assert accepted(consent.unsuppress([ANA])) == [ANA]
    assert [reason for reason, _ in consent.subscriptions([ANA], "email")[ANA].suppressions] == ["HARD_BOUNCE"]


def test_a_suppression_without_a_job_is_tried_again(sandbox: Sandbox, consent: KlaviyoConsent) -> None:
    """Something between us and Klaviyo answered."""
    sandbox.faults.append(Fault(path_prefix="/api/profile-suppression", status=202))
    (verdict,) = consent.suppress([ANA])
    assert isinstance(verdict.retriable, RetriableError)


def test_a_rate_limit_stops_the_rest_and_a_passing_fault_does_not(
    sandbox: Sandbox, consent: KlaviyoConsent, calls: list[tuple[str, str]]
) -> None:
    """What was not sent is to be tried again, with the wait that was asked for."""
    emails = [f"p{number}@example.com" for number in range(300)]
    sandbox.faults.append(Fault(path_prefix=WITHDRAWALS, status=503))
    verdicts = consent.unsubscribe("email", emails)
    assert [verdict.retriable is not None for verdict in verdicts] == [True] * 100 + [False] * 200
    sandbox.faults.append(Fault(path_prefix=WITHDRAWALS, status=429, headers={"Retry-After": "7"}))
    calls.clear()
    verdicts = consent.unsubscribe("email", emails)
    assert len(calls) == 1
    assert {verdict.retriable.retry_after for verdict in verdicts if verdict.retriable} == {7.0}
    assert isinstance(verdicts[-1].retriable, PausedError)


def test_a_refusal_of_the_call_itself_is_not_halved(consent: KlaviyoConsent, calls: list[tuple[str, str]]) -> None:
    """A list that is gone is gone for everybody in the call."""
    entries: list[tuple[str, datetime | None]] = [(f"p{number}@example.com", None) for number in range(64)]
    verdicts = consent.subscribe("email", entries, historical=False, list_id="GONE", source="Sync")
    assert {type(verdict.refused) for verdict in verdicts} == {RefusedByVendorError}
    assert len(calls) == 1


def test_subscriptions_are_read_in_as_few_calls_as_fit(
    sandbox: Sandbox, consent: KlaviyoConsent, calls: list[tuple[str, str]]
) -> None:
    """A hundred a page, fewer where addresses are long; whoever Klaviyo does not know is absent."""
    emails = [f"p{number}@example.com" for number in range(150)]
    grant(consent, *emails)
    calls.clear()
    assert set(consent.subscriptions([*emails, "Nobody@example.com"], "email")) == set(emails)
    assert len(calls) == 2
    calls.clear()
    long = [f"{'x' * 200}{number}@example.com" for number in range(60)]
    assert consent.subscriptions(long, "email") == {}
    assert len(calls) == 3


def test_a_word_that_nobody_knows_is_kept_as_it_is() -> None:
    """Whoever reads it decides; nothing is taken for consent."""
    email = {"consent": "MAYBE", "consent_timestamp": "soon", "double_optin": "yes", "suppression": [{"odd": 1}, 7]}
    shown = subscription_of({"id": "01A", "attributes": {"subscriptions": {"email": {"marketing": email}}}}, "email")
    assert (shown.consent, shown.consented_at, shown.double_optin) == ("MAYBE", None, None)
    assert shown.suppressions == ()
    assert subscription_of({"id": "01A", "attributes": {}}, "sms").consent == ""


def pages(read: Any) -> Iterator[Any]:
    """All that a paged read gives."""
    found, cursor = read(None)
    yield from found
    while cursor:
        found, cursor = read(cursor)
        yield from found


def test_events_of_a_metric_come_with_whose_they_are(sandbox: Sandbox, polling: KlaviyoPolling) -> None:
    """By its name and integration, from a time on, the first one first, two hundred a page."""
    since = datetime(2026, 10, 1, tzinfo=UTC)
    acts = [
        {
            "act": "unsubscribe",
            "email": f"p{number}@example.com",
            "time": (since + timedelta(minutes=number)).isoformat(),
        }
        for number in range(-2, 250)
    ]
    sandbox.state.configure({"person_consents": acts})
    metric = polling.metrics()["Unsubscribed from Email Marketing", "Klaviyo"]
    found = list(pages(lambda cursor: polling.events(metric, since, cursor)))
    emails = [event.email for event in found]
    assert list(dict.fromkeys(emails)) == [f"p{number}@example.com" for number in range(250)]
    assert len(emails) == 251, "the last second of a page is read again, and nothing else"
    assert (found[1].occurred_at, found[1].phone) == (since + timedelta(minutes=1), "")
    assert len({event.event_id for event in found}) == 250
    assert ("Unsubscribed from Email Marketing", "API") not in polling.metrics()


def test_profiles_are_read_whole_and_by_what_changed(
    sandbox: Sandbox, http: VendorHttp, polling: KlaviyoPolling
) -> None:
    """With their subscriptions; a change of consent alone need not count as one."""
    for number in range(150):
        KlaviyoProfiles(http).upsert(f"p{number}@example.com", {}, {})
    assert len(list(pages(polling.profiles))) == 150
    moment = sandbox.clock.moment()
    sandbox.clock.advance(60)
    KlaviyoProfiles(http).upsert("p7@example.com", {"first_name": "Seven"}, {})
    sandbox.state.configure({"person_consents": [{"act": "unsubscribe", "email": "p8@example.com"}]})

    def changed() -> list[str]:
        found = pages(lambda cursor: polling.profiles_updated_since(moment, cursor))
        return [profile["attributes"]["email"] for profile in found]

    assert changed() == ["p7@example.com"]
    sandbox.state.configure({"consent_bumps_updated": True})
    sandbox.state.configure({"person_consents": [{"act": "unsubscribe", "email": "p9@example.com"}]})
    assert changed() == ["p7@example.com", "p9@example.com"]


def test_suppressions_by_hand_are_found_by_their_time(sandbox: Sandbox, polling: KlaviyoPolling) -> None:
    """No metric tells of them."""
    sandbox.state.configure({"person_consents": [{"act": "suppress", "email": ANA, "time": PAST.isoformat()}]})
    found = list(pages(lambda cursor: polling.suppressed_since(PAST, cursor)))
    assert [subscription_of(profile, "email").suppressions for profile in found] == [(("USER_SUPPRESSED", PAST),)]
    assert polling.suppressed_since(PAST + timedelta(seconds=1), None) == ([], None)
    assert polling.metrics() == {}


def test_every_list_is_read(http: VendorHttp, polling: KlaviyoPolling) -> None:
    """Ten a page."""
    made = {new_list(http) for _ in range(12)}
    found = polling.lists()
    assert {one.list_id for one in found} == made
    assert {(one.name, one.opt_in_process) for one in found} == {("Customers", "single_opt_in")}
