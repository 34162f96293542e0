"""duplicate_audit over AWS in process and the strict sandboxes: from the schedule to the report."""

import json
import time
from collections.abc import Iterable, Mapping
from typing import Any

import pytest
from commerce_sync.aws.audits import Audits

from local.in_process import InProcessBundle, LambdaContext
from local.sandboxes.hubspot.state import HubSpotState
from local.sandboxes.hubspot.writes import apply, check
from local.sandboxes.klaviyo.given import Given
from local.sandboxes.klaviyo.people import create
from local.sandboxes.klaviyo.state import KlaviyoState
from local.sandboxes.server import Sandboxes
from tests.fakes import bundle as b
from tests.fakes.delivered import add_fault

pytestmark = pytest.mark.network

SCHEDULE = {"time": "2026-11-22T03:17:00Z", "source": "aws.events", "detail-type": "Scheduled Event", "detail": {}}
RUN = "20261122T031700Z"
PAGE = "/crm/objects/2026-09/contacts"


class Hurried(LambdaContext):
    """An invocation whose time is over after one page."""

    def get_remaining_time_in_millis(self) -> int:
        """Too little to go on."""
        return 1_000


class Killed(LambdaContext):
    """An invocation that dies after one page, before that is spooled."""

    def get_remaining_time_in_millis(self) -> int:
        """The end."""
        raise RuntimeError("killed")


def hubspot_state(sandboxes: Sandboxes) -> HubSpotState:
    """The account's innards."""
    state = sandboxes.hubspot.state
    assert isinstance(state, HubSpotState)
    return state


def klaviyo_state(sandboxes: Sandboxes) -> KlaviyoState:
    """The account's innards."""
    state = sandboxes.klaviyo.state
    assert isinstance(state, KlaviyoState)
    return state


def contacts(sandboxes: Sandboxes, *people: Mapping[str, str]) -> list[str]:
    """Contacts as staff (or an import) made them; returns their ids."""
    state = hubspot_state(sandboxes)
    return [apply(state, check(state, "contacts", None, person, staff=True)).id for person in people]


def profiles(sandboxes: Sandboxes, *people: dict[str, Any]) -> list[str]:
    """Profiles as Klaviyo has them from older days; returns their ids."""
    return [create(klaviyo_state(sandboxes), Given(None, dict(person))).id for person in people]


def crowd(number: int) -> Iterable[dict[str, str]]:
    """People who share nothing."""
    return ({"email": f"person.{one}@example.com"} for one in range(number))


def start(bundle: InProcessBundle, event: Mapping[str, Any] = SCHEDULE) -> dict[str, Any]:
    """What the schedule does."""
    with bundle.function("duplicate_audit", {"PAGE_PAUSE": "0"}) as module:
        answer: dict[str, Any] = module.handler(dict(event), LambdaContext())
    return answer


def take(bundle: InProcessBundle, body: str, context: LambdaContext | None = None) -> bool:
    """One message to the function; False where it gave it back."""
    with bundle.function("duplicate_audit", {"PAGE_PAUSE": "0"}) as module:
        answer = module.handler(b.sqs_event([body]), context or LambdaContext())
    return bool(answer["batchItemFailures"] == [])


def sent(bundle: InProcessBundle, patience: float = 0.0) -> list[str]:
    """What the function sent itself; ``patience`` (seconds) waits for what is held back."""
    deadline = time.monotonic() + patience
    while not (bodies := b.waiting(bundle, "DuplicateAuditQueue")) and time.monotonic() < deadline:
        time.sleep(0.1)
    return bodies


def finish(bundle: InProcessBundle, context: LambdaContext | None = None) -> int:
    """Messages until none is left; returns how many."""
    taken = 0
    while bodies := sent(bundle):
        for body in bodies:
            assert take(bundle, body, context)
            taken += 1
    return taken


def report(bundle: InProcessBundle, system: str) -> dict[str, Any]:
    """The last report of a system, with its groups."""
    audits = Audits(bundle.names["Archive"])
    latest = audits.latest(system)
    assert latest is not None
    return {**latest, "groups": list(audits.groups(latest["report"]))}


def found(told: Mapping[str, Any]) -> dict[tuple[str, ...], str]:
    """Reasons by the records they are about."""
    return {tuple(sorted(one["id"] for one in group["records"])): group["reason"] for group in told["groups"]}


def objects(bundle: InProcessBundle) -> dict[str, str]:
    """Everything below audits/."""
    client, bucket = b.aws_client("s3"), bundle.names["Archive"]
    keys = [one["Key"] for one in client.list_objects_v2(Bucket=bucket, Prefix="audits/").get("Contents", [])]
    return {key: client.get_object(Bucket=bucket, Key=key)["Body"].read().decode() for key in keys}


def test_a_run_finds_the_duplicates_of_both_systems(
    bundle: InProcessBundle, sandboxes: Sandboxes, capsys: pytest.CaptureFixture[str]
) -> None:
    """From the schedule to the reports, the metrics, and nothing written at the vendors."""
    contacts(sandboxes, *crowd(100))
    ana, ana_by_phone, ben, family = contacts(
        sandboxes,
        {"email": "ana@example.com", "phone": "(212) 555-0123"},
        {"phone": "+1 212 555 0123", "firstname": "Ana"},
        {"email": "ben@example.com", "phone": "2125550199"},
        {"email": "mia@example.com", "mobilephone": "+12125550199"},
    )
    cleo, cleo_again = profiles(
        sandboxes, {"email": "Cleo@Example.com", "phone_number": "+12125550111"}, {"email": "cleo@example.com"}
    )
    before = (sandboxes.hubspot.state.snapshot(), sandboxes.klaviyo.state.snapshot())
    assert start(bundle) == {"run_id": RUN, "systems": ["hubspot", "klaviyo"]}
    finish(bundle)
    hubspot, klaviyo = report(bundle, "hubspot"), report(bundle, "klaviyo")
    assert (hubspot["records"], hubspot["people"], hubspot["inflation_percent"]) == (104, 103, "0.97")
    assert found(hubspot) == {(ana, ana_by_phone): "same_phone", (ben, family): "shared_phone"}
    assert [group["survivor"] for group in hubspot["groups"] if "survivor" in group] == [ana]
    assert (klaviyo["records"], klaviyo["people"], klaviyo["inflation_percent"]) == (2, 1, "100.00")
    assert found(klaviyo) == {tuple(sorted((cleo, cleo_again))): "same_email"}
    assert (sandboxes.hubspot.state.snapshot(), sandboxes.klaviyo.state.snapshot()) == before
    printed = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    inflation = {line["system"]: line["ListInflationPercent"] for line in printed if "ListInflationPercent" in line}
    assert inflation == {"hubspot": 0.97, "klaviyo": 100.0}


def test_the_spool_and_the_report_hold_no_address(bundle: InProcessBundle, sandboxes: Sandboxes) -> None:
    """Vendors' ids and keyed hashes only."""
    contacts(sandboxes, {"email": "ana@example.com", "phone": "2125550123"}, {"phone": "2125550123"})
    profiles(sandboxes, {"email": "ana@example.com", "phone_number": "+12125550123"})
    start(bundle)
    finish(bundle)
    stored = objects(bundle)
    assert len(stored) == 6
    assert [key for key, text in stored.items() if "@" in text or "5550123" in text] == []


def test_a_run_that_is_killed_between_pages_goes_on(bundle: InProcessBundle, sandboxes: Sandboxes) -> None:
    """The process dies before its pages are spooled, or before the next message is sent: its message comes back."""
    contacts(sandboxes, *crowd(250), {"phone": "2125550123"}, {"phone": "(212) 555-0123"})
    start(bundle)
    (first,) = [body for body in sent(bundle) if "hubspot" in body]
    assert not take(bundle, first, Killed())
    assert sent(bundle) == []
    assert take(bundle, first, Hurried())
    (second,) = sent(bundle)
    assert take(bundle, second, Hurried())
    sent(bundle)  # what the second sent is lost with its process
    assert take(bundle, second)
    finish(bundle)
    told = report(bundle, "hubspot")
    assert (told["records"], told["people"]) == (252, 251)


def test_every_message_may_come_twice(bundle: InProcessBundle, sandboxes: Sandboxes) -> None:
    """The schedule too. The report is written once, and stays."""
    contacts(sandboxes, *crowd(120), {"phone": "2125550123"}, {"phone": "(212) 555-0123"})
    start(bundle)
    start(bundle)
    seen: list[str] = []
    while bodies := sent(bundle):
        for body in dict.fromkeys(bodies):
            assert take(bundle, body, Hurried())
            assert take(bundle, body, Hurried())
            seen.append(body)
    told, stored = report(bundle, "hubspot"), objects(bundle)
    assert (told["records"], told["people"]) == (122, 121)
    contacts(sandboxes, {"phone": "2125550123"})
    for body in seen:
        assert take(bundle, body)
    assert sent(bundle) == []
    assert objects(bundle) == stored


def test_a_vendor_that_pauses_loses_no_page(bundle: InProcessBundle, sandboxes: Sandboxes) -> None:
    """429 and 503: what was read is kept, and the run goes on later from there."""
    contacts(sandboxes, *crowd(250))
    start(bundle)
    (first,) = [body for body in sent(bundle) if "hubspot" in body]
    assert take(bundle, first, Hurried())
    (body,) = sent(bundle)
    for waits, status in enumerate((429, 503), start=1):
        fault = {"method": "GET", "path_prefix": PAGE, "status": status, "headers": {"Retry-After": "1"}}
        add_fault(sandboxes.hubspot, fault)
        assert take(bundle, body, Hurried())
        assert sent(bundle) == []
        (held_back,) = sent(bundle, patience=10)
        assert json.loads(held_back) == {**json.loads(body), "waits": waits}
        body = held_back
    assert take(bundle, body)
    finish(bundle)
    assert report(bundle, "hubspot")["records"] == 250


def test_an_older_run_that_ends_late_is_not_the_latest(bundle: InProcessBundle, sandboxes: Sandboxes) -> None:
    """Its own report is kept; the pointer stays with the newer one."""
    contacts(sandboxes, *crowd(3))
    for moment in ("2026-11-29T03:17:00Z", "2026-11-22T03:17:00Z"):
        start(bundle, {**SCHEDULE, "time": moment})
        finish(bundle)
    assert report(bundle, "hubspot")["run_id"] == "20261129T031700Z"
    assert f"audits/{RUN}/hubspot/report.jsonl" in objects(bundle)


def test_a_system_without_a_token_is_left_out(bundle: InProcessBundle) -> None:
    """Who has no Klaviyo has nothing to audit there."""
    bundle.put_secret("VendorTokens", {"hubspot": "pat-local"})
    assert start(bundle)["systems"] == ["hubspot"]


def test_a_run_that_would_never_end_is_given_up(
    bundle: InProcessBundle, sandboxes: Sandboxes, capsys: pytest.CaptureFixture[str]
) -> None:
    """The vendor names a page as the next that was read already: no further message, no report, a line and a metric."""
    start(bundle)
    (first,) = [body for body in sent(bundle) if "hubspot" in body]
    for _ in range(2):  # its message comes twice
        round_and_round = {"results": [], "paging": {"next": {"after": "34100000501"}}}
        add_fault(
            sandboxes.hubspot,
            {"method": "GET", "path_prefix": PAGE, "times": 2, "status": 200, "body": round_and_round},
        )
        assert take(bundle, first)
        assert sent(bundle) == []
    printed = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert objects(bundle) == {}
    given_up = {"run_id": RUN, "system": "hubspot", "reason": "cursor_repeats", "part": 0}
    assert [line for line in printed if "reason" in line] == [{"message": "an audit was given up", **given_up}] * 2
    assert [line["system"] for line in printed if line.get("AuditsGivenUp") == 1] == ["hubspot"] * 2
