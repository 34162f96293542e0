"""Identity over DynamoDB: what it costs, that two workers make one profile, and what operators see and decide."""

import json
import random
from datetime import UTC, datetime
from threading import Barrier, Thread
from typing import Any
from uuid import uuid4

from commerce_sync.aws.identity_table import IdentityTable
from commerce_sync.composing.identity import keys_of
from commerce_sync.identity.keys import IdentifierKeys
from commerce_sync.identity.resolution import Resolver
from commerce_sync.settings import settings_for
from commerce_sync.settings.workers import NormalizationSettings

from local.in_process import InProcessBundle, LambdaContext
from local.sample_day.deliveries import Delivery
from tests.fakes import bundle as b
from tests.fakes.acquaintances import POLICY, customer, email, phone, profiles, seen, taught
from tests.fakes.aws_faults import one_call_at_a_time
from tests.fakes.capacity import Meter, metered
from tests.fakes.delivered import changes_delivery, command

IDENTITY, TRACES = "IdentityTable", "TracesTable"


def customer_delivery(number: int, name: str, calling: str | None = None, hour: int = 9) -> Delivery:
    """A customers/update webhook."""
    body = {
        "id": number,
        "email": f"{name}@example.com",
        "phone": calling,
        "updated_at": f"2026-11-20T{hour:02d}:00:00Z",
        "default_address": {"country_code": "US"},
    }
    data = json.dumps(body).encode()
    return Delivery(
        "shopify", "us", "customers/update", data, f"{number}-{hour}", headers={"X-Shopify-Topic": "customers/update"}
    )


def arrive(bundle: InProcessBundle, *deliveries: Delivery) -> Meter:
    """Deliveries through identity_normalization, one invocation; what DynamoDB bills for it."""
    for delivery in deliveries:
        assert b.post(bundle, b.api_event(delivery))["statusCode"] == 200
    bodies = b.waiting(bundle, "InboundQueue")
    with bundle.function("identity_normalization") as module:
        keys_of(settings_for(NormalizationSettings))  # checked once a process
        with metered() as meter:
            answer = module.handler(b.sqs_event(bodies), LambdaContext())
    assert answer["batchItemFailures"] == []
    return meter


def test_somebody_new_is_one_read_and_one_transaction() -> None:
    """Three identifiers and a trace read; a neighbourhood and three pointers written, a trace by address and record."""
    with b.ready_bundle() as bundle:
        meter = arrive(bundle, customer_delivery(4, "ana", "+12125550100"))

    assert meter.calls == {"BatchGetItem": 1, "TransactWriteItems": 1, "BatchWriteItem": 1}
    assert meter.read == {IDENTITY: 3, TRACES: 1}
    assert meter.written == {IDENTITY: 8, TRACES: 2}


def test_somebody_known_is_one_read_and_no_write_but_the_new_delivery_s_traces() -> None:
    """A newer body about the same person changes nothing about who they are."""
    with b.ready_bundle() as bundle:
        arrive(bundle, customer_delivery(4, "ana", "+12125550100"))
        meter = arrive(bundle, customer_delivery(4, "ana", "+12125550100", hour=10))

    assert meter.calls == {"BatchGetItem": 1, "BatchWriteItem": 1}
    assert meter.read == {IDENTITY: 3, TRACES: 1}
    assert meter.written == {TRACES: 2}


def test_a_delivery_that_changes_nothing_writes_nothing() -> None:
    """The same delivery again: one read."""
    with b.ready_bundle() as bundle:
        arrive(bundle, customer_delivery(4, "ana", "+12125550100"))
        meter = arrive(bundle, customer_delivery(4, "ana", "+12125550100"))

    assert meter.calls == {"BatchGetItem": 1}
    assert meter.read == {IDENTITY: 3, TRACES: 1}
    assert meter.written == {}


def test_news_about_known_people_reads_their_neighbourhoods_once() -> None:
    """A guest turns out to be a customer: two reads and one transaction."""
    with b.ready_bundle() as bundle:
        arrive(bundle, customer_delivery(4, "ana"))
        meter = arrive(bundle, customer_delivery(4, "ana", "+12125550100", hour=10))

    assert meter.calls == {"BatchGetItem": 2, "TransactWriteItems": 1, "BatchWriteItem": 1}
    assert meter.read == {IDENTITY: 4, TRACES: 1}
    assert meter.written == {IDENTITY: 6, TRACES: 2}


def test_workers_with_the_same_people_make_the_same_profiles() -> None:
    """Eight threads tell the same facts in other orders; conditions let one of them win each time."""
    facts = [seen(customer(one), email(f"p{one % 3}"), phone(100 + one % 4), hours=one) for one in range(6)]
    identifiers = sorted({identifier for fact in facts for identifier in fact.identifiers})
    with b.ready_bundle() as bundle, bundle.function("identity_normalization"):
        start, failures = Barrier(8), list[BaseException]()

        def work(seed: int) -> None:
            order = random.Random(seed).sample(facts, len(facts))  # noqa: S311 # the same orders every time
            start.wait()
            try:
                for fact in order:
                    _patient(_resolver(bundle), fact)
            except BaseException as error:  # noqa: BLE001 - a thread's failure must reach the test
                failures.append(error)

        threads = [Thread(target=work, args=(seed,)) for seed in range(8)]
        with one_call_at_a_time():
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
        found = profiles(_resolver(bundle), *identifiers)
        items = b.items(bundle, IDENTITY)

    assert failures == []
    assert sum(map(len, found)) == len(identifiers)
    assert found == profiles(taught(*facts), *identifiers)
    assert len([item for item in items if "profile_id" in item]) == len(identifiers)


def test_no_key_or_pointer_holds_an_address() -> None:
    """Only neighbourhoods do; keys and traces are keyed hashes."""
    with b.ready_bundle() as bundle:
        arrive(bundle, customer_delivery(4, "ana", "+12125550100"))
        pointers = [item for item in b.items(bundle, IDENTITY) if "profile_id" in item]
        told = json.dumps([pointers, b.items(bundle, TRACES)])

    assert len(pointers) == 3
    assert "example.com" not in told
    assert "5550100" not in told


def test_a_changed_pepper_stops_every_write() -> None:
    """Under another pepper nobody who was erased would be recognised: the message stays, the table too."""
    with b.ready_bundle() as bundle:
        arrive(bundle, customer_delivery(4, "ana"))
        before = b.items(bundle, IDENTITY)
        bundle.put_secret("Pepper", {"current": "1", "1": "another-pepper-for-tests"})
        assert b.post(bundle, b.api_event(customer_delivery(5, "bo")))["statusCode"] == 200
        bodies = b.waiting(bundle, "InboundQueue")

        assert b.consume(bundle, "identity_normalization", bodies) == bodies
        assert b.items(bundle, IDENTITY) == before


def test_a_new_version_of_the_pepper_finds_what_the_old_one_wrote() -> None:
    """Rotation: the old version stays beside the new one, and nobody is made twice."""
    with b.ready_bundle() as bundle:
        arrive(bundle, customer_delivery(4, "ana", "+12125550100"))
        bundle.put_secret("Pepper", {"current": "2", "2": "newer-pepper-for-tests", "1": b.PEPPERS["1"]})
        arrive(bundle, customer_delivery(4, "ana", "+12125550100", hour=11), customer_delivery(5, "ana"))
        told = command(bundle, "explain", address="ana@example.com")

    (profile,) = told["profiles"]
    assert profile["identifiers"] == ["email#ana@example.com", "phone#+12125550100", "shopify:us#4", "shopify:us#5"]
    assert told["deliveries"] == 3


def test_explain_says_who_somebody_is_and_what_keeps_others_apart() -> None:
    """The shared phone of two people, as an operator sees it."""
    with b.ready_bundle() as bundle:
        arrive(bundle, customer_delivery(4, "ana", "+12125550100"), customer_delivery(5, "bo", "(212) 555-0100"))
        told = command(bundle, "explain", address="Ana@Example.com")

    (profile,) = told["profiles"]
    assert profile["identifiers"] == ["email#ana@example.com", "shopify:us#4"]
    assert [one["code"] for one in profile["conflicts"]] == ["shared_phone"]
    assert told["deliveries"] == 1
    assert told["erased_at"] is None


def test_an_operator_merges_and_unmerges() -> None:
    """By addresses and by records; the change id of the answer undoes it."""
    with b.ready_bundle() as bundle:
        arrive(bundle, customer_delivery(4, "ana"), customer_delivery(5, "bo"))
        words = {"by": "kim", "why": "she told support"}
        merged = command(bundle, "merge", identifiers=["ana@example.com", "shopify:us#5"], **words)
        one = command(bundle, "explain", address="bo@example.com")["profiles"][0]["identifiers"]
        command(bundle, "unmerge", address="bo@example.com", change_id=merged["change"]["change_id"], **words)
        two = command(bundle, "explain", address="bo@example.com")["profiles"][0]["identifiers"]

    assert one == ["email#ana@example.com", "email#bo@example.com", "shopify:us#4", "shopify:us#5"]
    assert two == ["email#bo@example.com", "shopify:us#5"]


def test_a_merge_of_somebody_unknown_is_an_error_that_says_so() -> None:
    """A typing error makes no profile."""
    with b.ready_bundle() as bundle, bundle.function("operations") as operations:
        arguments = {"identifiers": ["ana@example.com", "bo@example.com"], "by": "kim", "why": "a test"}
        answer = operations.handler({"command": "merge", "arguments": arguments}, None)

    assert not answer["ok"]
    assert "2 of these are not" in answer["errors"][0]


def test_hubspot_s_merge_joins_and_stands_in_the_history() -> None:
    """The webhook names both contacts; what each is known by becomes one person."""
    with b.ready_bundle() as bundle:
        changes = [_email_change(501, "ana"), _email_change(777, "bo")]
        arrive(bundle, changes_delivery(changes))
        arrive(bundle, changes_delivery([_merge(501, 777)]))
        told = command(bundle, "explain", address="ana@example.com")

    (profile,) = told["profiles"]
    assert profile["identifiers"] == [
        "email#ana@example.com",
        "email#bo@example.com",
        "hubspot:main#501",
        "hubspot:main#777",
    ]
    assert [(one["kind"], one["by"], one["why"]) for one in profile["history"]] == [
        ("merged", "hubspot:main", "stated")
    ]


def test_a_crowd_is_refused_set_aside_and_its_events_go_on() -> None:
    """A merge of more contacts than is believable joins nobody, and waits for a person."""
    with b.ready_bundle() as bundle:
        arrive(bundle, changes_delivery([_merge(1, *range(2, 20))]))
        codes = [item["code"]["S"] for item in b.items(bundle, "QuarantineTable")]

    assert codes == ["too_many_to_join"]


def _email_change(contact: int, name: str) -> dict[str, Any]:
    value = f"{name}@example.com"
    return _change(contact, "contact.propertyChange") | {"propertyName": "email", "propertyValue": value}


def _merge(primary: int, *merged: int) -> dict[str, Any]:
    return _change(primary, "contact.merge") | {"primaryObjectId": primary, "mergedObjectIds": list(merged)}


def _change(contact: int, kind: str) -> dict[str, Any]:
    moment = int(datetime(2026, 11, 20, 9, tzinfo=UTC).timestamp() * 1000)
    return {"objectId": contact, "occurredAt": moment, "subscriptionType": kind, "eventId": contact, "portalId": 1}


def _resolver(bundle: InProcessBundle) -> Resolver:
    table, keys = IdentityTable(bundle.names[IDENTITY]), IdentifierKeys(b.PEPPERS)
    return Resolver(table, keys, POLICY, lambda: datetime.now(UTC), lambda: str(uuid4()))


def _patient(resolver: Resolver, fact: Any) -> None:
    """What SQS does for a worker that lost too many races: again."""
    for _ in range(50):
        try:
            resolver.absorb([fact])
        except Exception as error:
            if type(error).__name__ != "RetriableError":
                raise
        else:
            return
    raise AssertionError("a worker never got through")
