"""The baseline on tables in process, against the strict sandboxes: by list reads, resumed after every page."""

import json
from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any

import boto3
import pytest
from commerce_sync.contracts.baseline import BaselineStep

from local.in_process import InProcessBundle, LambdaContext
from local.places import REGION
from local.sandboxes.base import Fault
from local.sandboxes.klaviyo.given import Given
from local.sandboxes.klaviyo.people import resolve
from local.sandboxes.klaviyo.state import KlaviyoState
from local.sandboxes.server import Sandboxes
from local.stack import BIGCOMMERCE_PATH
from tests.fakes import bundle as b
from tests.fakes import consented as c
from tests.fakes.delivered import command

pytestmark = [pytest.mark.network, pytest.mark.long]

RUN = "20261128T100000Z"
STARTED = "2026-11-28T10:00:00Z"
SYSTEMS = ("bigcommerce:outlet", "hubspot", "klaviyo", "shopify:us")
TOKENS = {**b.TOKENS, "shopify": {"us": "shpat_local"}}
QUICK = {"PAGE_PAUSE": "0"}
MOST_MESSAGES = 1000
ANA, BO, CY, DEE, EVE, FAY = (f"{name}@example.com" for name in ("ana", "bo", "cy", "dee", "eve", "fay"))
PHONE = "+12025550130"


class KilledError(Exception):
    """The invocation ends here."""


class MortalContext(LambdaContext):
    """Time for one page a message; at the n-th question for the time the process ends."""

    def __init__(self, dies_at: int = -1) -> None:
        super().__init__(1000)
        self.asked = 0
        self._dies_at = dies_at

    def get_remaining_time_in_millis(self) -> int:
        """How long is left."""
        self.asked += 1
        if self.asked == self._dies_at:
            raise KilledError
        return super().get_remaining_time_in_millis()


@pytest.fixture
def sandboxes(sandboxes: Sandboxes) -> Sandboxes:
    """Vendors with people who said different things to each of them."""
    ago = {days: (sandboxes.klaviyo.clock.moment() - timedelta(days=days)).isoformat() for days in (5, 30, 60, 90)}
    people: list[dict[str, Any]] = [
        {"act": "subscribe", "email": f"p{number}@example.com", "time": ago[90], "method": "API", "silent": True}
        for number in range(15)
    ]
    state = sandboxes.klaviyo.state
    assert isinstance(state, KlaviyoState)
    for number in range(15, 230):
        resolve(state, Given(None, {"email": f"p{number}@example.com"}))
    named: list[dict[str, Any]] = [
        {"act": "subscribe", "email": ANA, "time": ago[90], "method": "FORM"},
        {"act": "unsubscribe", "email": BO, "time": ago[30]},
        {"act": "subscribe", "email": CY, "time": ago[60], "double_optin": True},
        {"act": "spam", "email": DEE, "time": ago[5]},
        {"act": "subscribe", "phone_number": PHONE, "channel": "sms", "time": ago[30], "method": "KEYWORD"},
    ]
    sandboxes.klaviyo.state.configure({"person_consents": [*people, *({**one, "silent": True} for one in named)]})
    for number in range(120):
        edit = {"email": f"p{number}@example.com", "properties": {}}
        sandboxes.hubspot.state.configure({"edit_contact": edit})
    for email in (ANA, CY):
        sandboxes.hubspot.state.configure({"edit_contact": {"email": email, "properties": {}}})
    sandboxes.hubspot.state.configure({"person_opts_out": {"email": ANA, "time": ago[30]}})
    sandboxes.hubspot.state.configure({"person_opts_out": {"email": CY, "time": ago[90]}})
    customers = [
        {"id": 1, "email": BO, "email_marketing_consent": {"state": "subscribed", "consent_updated_at": ago[60]}},
        {"id": 2, "email": CY, "phone": PHONE, "sms_marketing_consent": {"state": "not_subscribed"}},
    ]
    sandboxes.shopify.state.configure({"put_customers": customers})
    signed_up = [{"email": ANA}, {"email": EVE}, {"email": FAY, "source": "order", "consents": []}]
    sandboxes.bigcommerce.state.configure({"sign_up": signed_up, "leave": [EVE]})
    return sandboxes


@pytest.fixture
def parameters(sandboxes: Sandboxes) -> dict[str, str]:
    """Where the vendors are."""
    outlet = sandboxes.urls["bigcommerce"] + BIGCOMMERCE_PATH
    return {
        **b.LIVE,
        "KlaviyoBaseUrl": sandboxes.urls["klaviyo"],
        "HubSpotBaseUrl": sandboxes.urls["hubspot"],
        "StoreBaseUrls": f"shopify:us={sandboxes.urls['shopify']}, bigcommerce:outlet={outlet}",
    }


def begin(bundle: InProcessBundle, run_id: str = RUN) -> list[str]:
    """Start a run, as the command does: the document, and a message for each system."""
    from commerce_sync.aws.control import Control  # noqa: PLC0415 # the bundle's tables are there only now
    from commerce_sync.consent.baseline import progress  # noqa: PLC0415

    bundle.put_secret("VendorTokens", TOKENS)
    steps = [
        BaselineStep.parse(json.dumps({"schema_version": 1, "run_id": run_id, "started_at": STARTED, "system": system}))
        for system in SYSTEMS
    ]
    control = Control(bundle.names["ControlTable"])
    control.change(progress.NAME, lambda known: progress.begun(known, run_id, SYSTEMS, steps[0].started_at))
    return [step.to_json() for step in steps]


def run(bundle: InProcessBundle, bodies: list[str], context: LambdaContext | None = None) -> int:
    """Every message until none is left; what failed comes back. Returns how many messages there were."""
    messages = 0
    with bundle.function("consent_baseline", QUICK) as module:
        while bodies:
            messages += len(bodies)
            assert messages < MOST_MESSAGES, "a run that goes round and round"
            event = b.sqs_event(bodies)
            answer = module.handler(event, context or LambdaContext(300_000))
            failed = {one["itemIdentifier"] for one in answer["batchItemFailures"]}
            again = [body for position, body in enumerate(bodies) if f"m{position}" in failed]
            bodies = [*again, *b.waiting(bundle, "BaselineQueue")]
    return messages


def document(bundle: InProcessBundle) -> dict[str, Any]:
    """The run's progress."""
    items = {item["name"]["S"]: item for item in b.items(bundle, "ControlTable")}
    return dict(json.loads(items["baseline"]["body"]["S"]))


def objects(bundle: InProcessBundle) -> dict[str, bytes]:
    """The report's lists."""
    s3, bucket = boto3.client("s3", region_name=REGION), bundle.names["Archive"]
    listed = s3.list_objects_v2(Bucket=bucket, Prefix=f"audits/baseline/{RUN}/")["Contents"]
    names = [one["Key"] for one in listed if one["Key"].endswith(("jsonl", "json"))]
    return {name: s3.get_object(Bucket=bucket, Key=name)["Body"].read() for name in names}


def written(bundle: InProcessBundle) -> set[tuple[str, str]]:
    """Every entry of the ledger: whose, and which. The ledger's own first one is left out."""
    found = {(item["address_key"]["S"], item["entry"]["S"]) for item in b.items(bundle, "LedgerTable")}
    return {one for one in found if one[1].startswith("E#") and one[0] != "canary"}


def test_what_every_system_knows_is_written_down_and_nobody_is_told(
    parameters: dict[str, str], log: Path, sandboxes: Sandboxes, capsys: pytest.CaptureFixture[str]
) -> None:
    """By list reads alone; the report says who differs where."""
    with b.ready_bundle(parameters) as bundle:
        run(bundle, begin(bundle))
        told = document(bundle)
        assert (told["stage"], bool(told["completed_at"])) == ("done", True)
        assert {name: one["state"] for name, one in told["systems"].items()} == dict.fromkeys(SYSTEMS, "done")
        report = told["report"]
        assert (report["conflicts"], report["duplicates"], report["sms_opt_ins"]) == (3, 0, 1)
        assert report["suppressions_SPAM_COMPLAINT"] == 1
        assert report["unsubscribes"] == 5
        assert (report["unsubscribes_email_bigcommerce:outlet"], report["open_email_bigcommerce:outlet"]) == (1, 1)
        states = Counter(entry for _, entry in written(bundle))
        assert len(states) >= 20
        rows = b.items(bundle, "ConsentOutboxTable")
        assert {row["status"]["S"] for row in rows} <= {"observed", "skipped"}
        assert b.waiting(bundle, "OptOutsQueue") == b.waiting(bundle, "OptInsQueue") == []
        whole = b"".join(objects(bundle).values())
        assert b"@" not in whole
    calls = Counter(
        (line["vendor"], line["method"], line["path"]) for line in map(json.loads, log.read_text().splitlines())
    )
    assert {call: number for call, number in calls.items() if call[0] == "hubspot"} == {
        ("hubspot", "GET", "/communication-preferences/2026-09/definitions"): 1,
        ("hubspot", "GET", "/crm/objects/2026-09/contacts"): 3,
    }
    assert {call: number for call, number in calls.items() if call[0] == "klaviyo"} == {
        ("klaviyo", "GET", "/api/lists"): 1,
        ("klaviyo", "GET", "/api/profiles"): 3,
    }
    assert {call[1:]: number for call, number in calls.items() if call[0] == "shopify"} == {
        ("POST", "/admin/api/2026-10/graphql.json"): 1
    }
    assert {call[1:]: number for call, number in calls.items() if call[0] == "bigcommerce"} == {
        ("GET", "/stores/sandbox/v3/customers/subscribers"): 2
    }
    assert "@example.com" not in capsys.readouterr().out
    assert sandboxes.klaviyo.state.snapshot()["flow_triggers"] == 0


def test_who_never_subscribed_at_klaviyo_and_opted_out_at_hubspot_is_told_once_a_mode_lets_it(
    parameters: dict[str, str], sandboxes: Sandboxes
) -> None:
    """Nobody ever changes the profile, and Klaviyo writes to whoever is not suppressed."""
    silent = "p16@example.com"
    left = (sandboxes.hubspot.clock.moment() - timedelta(days=400)).isoformat()
    sandboxes.hubspot.state.configure({"person_opts_out": {"email": silent, "time": left}})
    with b.ready_bundle({**parameters, "KlaviyoMode": "observe"}) as bundle:
        run(bundle, begin(bundle))
        assert c.klaviyo_shows(sandboxes, ("email", silent)) == "NEVER_SUBSCRIBED"
        command(bundle, "mode", destination="klaviyo", mode="opt_outs_only", by="kim", why="seen")
        c.settle(bundle)
        assert c.klaviyo_shows(sandboxes, ("email", silent)) == "UNSUBSCRIBED UNSUBSCRIBE"


def test_killed_after_every_page_and_resumed_it_equals_one_run(parameters: dict[str, str]) -> None:
    """One page a message, each of which dies once before it could send the next."""
    with b.ready_bundle(parameters) as bundle:
        run(bundle, begin(bundle))
        once, report = written(bundle), objects(bundle)
    with b.ready_bundle(parameters) as bundle:
        by_page = MortalContext()
        run(bundle, begin(bundle), by_page)
        assert (written(bundle), objects(bundle)) == (once, report)
    for boundary in range(1, by_page.asked + 1):
        with b.ready_bundle(parameters) as bundle:
            context = MortalContext(dies_at=boundary)
            run(bundle, begin(bundle), context)
            assert context.asked > boundary
            assert (written(bundle), objects(bundle)) == (once, report), boundary


def test_a_system_that_asks_to_wait_is_read_on_later(parameters: dict[str, str], sandboxes: Sandboxes) -> None:
    """What was read is kept; the others go on meanwhile."""
    with b.ready_bundle(parameters) as bundle:
        sandboxes.klaviyo.faults.append(Fault("GET", "/api/profiles", status=429, headers={"Retry-After": "0"}))
        bodies = begin(bundle)
        with bundle.function("consent_baseline", QUICK) as module:
            answer = module.handler(b.sqs_event(bodies), LambdaContext(300_000))
        assert answer["batchItemFailures"] == []
        states = {name: one["state"] for name, one in document(bundle)["systems"].items()}
        assert states == {**dict.fromkeys(SYSTEMS, "done"), "klaviyo": "reading"}
        assert document(bundle)["completed_at"] is None


def test_a_second_run_writes_nothing_new(parameters: dict[str, str]) -> None:
    """The same states make the same records."""
    with b.ready_bundle(parameters) as bundle:
        run(bundle, begin(bundle))
        once = written(bundle)
        run(bundle, begin(bundle, "20261128T110000Z"))
        assert written(bundle) == once
        assert document(bundle)["report"]["run_id"] == "20261128T110000Z"
