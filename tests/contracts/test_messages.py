"""The queues' contracts, held by golden messages: what is written today can be read today and by the next release."""

import json
import traceback
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, ClassVar

import pytest
from commerce_sync.contracts import DeliveredFacts, DueWork, Envelope, Message, PrivacyRequest, parse_event_message
from commerce_sync.contracts.duplicates import AuditStep
from commerce_sync.errors import PermanentError, RetriableError
from pydantic import ValidationError

GOLDEN = Path(__file__).parent / "golden"
CONTRACTS: dict[str, type[Message]] = {
    "envelope": Envelope,
    "envelope_by_reference": Envelope,
    "delivered_facts": DeliveredFacts,
    "due_work": DueWork,
    "audit_step": AuditStep,
    "privacy_request": PrivacyRequest,
}
EVERY = pytest.mark.parametrize("name", CONTRACTS)
PERSONAL = "jane.roe@example.com"


def _golden(name: str) -> dict[str, Any]:
    message: dict[str, Any] = json.loads((GOLDEN / f"{name}.json").read_text())
    return message


def _refusal(contract: type[Message], message: Any) -> PermanentError:
    with pytest.raises(PermanentError) as refused:
        contract.parse(message if isinstance(message, str | bytes) else json.dumps(message))
    return refused.value


def _told(error: BaseException) -> str:
    """All that a log could show of an error: the traceback with its causes."""
    return "".join(traceback.format_exception(error))


def test_every_golden_message_is_checked() -> None:
    """A new file without a contract, or the other way about, is a mistake."""
    assert {path.stem for path in GOLDEN.glob("*.json")} == set(CONTRACTS)


def test_facts_of_the_previous_version_are_read() -> None:
    """They wait in the queue while this release is deployed; they say nothing of whose customers people are."""
    golden = _golden("delivered_facts")
    for event in golden["events"]:
        (event.get("person") or {}).pop("customer_of", None)

    lifted = DeliveredFacts.parse(json.dumps(golden | {"schema_version": 2}))

    assert lifted == DeliveredFacts.parse(json.dumps(golden))
    assert all(event.person.customer_of is None for event in lifted.events if event.person)


def test_privacy_requests_of_the_previous_version_are_read() -> None:
    """They wait in the queue while this release is deployed; they do not say which delivery carried them."""
    golden = _golden("privacy_request")
    before = {name: value for name, value in golden.items() if name != "archive_key"} | {"schema_version": 1}

    lifted = PrivacyRequest.parse(json.dumps(before))

    assert lifted == PrivacyRequest.parse(json.dumps(golden)).model_copy(update={"archive_key": None})


@EVERY
def test_a_golden_message_survives_the_queue(name: str) -> None:
    """Parsed, written and parsed again, it says the same."""
    parsed = CONTRACTS[name].parse((GOLDEN / f"{name}.json").read_text())

    assert CONTRACTS[name].parse(parsed.to_json()) == parsed


@EVERY
def test_a_golden_message_is_written_with_every_field_it_was_read_with(name: str) -> None:
    """Nothing that was said gets lost on the way."""
    golden = _golden(name)
    written = json.loads(CONTRACTS[name].parse(json.dumps(golden)).to_json())

    assert golden.keys() <= written.keys()
    assert {field: written[field] for field in golden if field not in {"received_at", "events"}} == {
        field: value for field, value in golden.items() if field not in {"received_at", "events"}
    }


@EVERY
def test_an_unknown_field_is_refused_by_name_and_never_by_value(name: str) -> None:
    """A contract is closed; and a value may be somebody's address."""
    refused = _refusal(CONTRACTS[name], _golden(name) | {"colour": PERSONAL})

    assert "colour" in str(refused)
    assert PERSONAL not in str(refused)


def test_a_bad_field_inside_an_event_is_named_by_its_place() -> None:
    """An operator finds it without seeing it."""
    message = _golden("delivered_facts")
    message["events"][0]["person"] |= {"nickname": PERSONAL}
    message["events"][1]["value"] = PERSONAL

    refused = _refusal(DeliveredFacts, message)

    assert "events.0.person.nickname, events.1.value" in str(refused)
    assert PERSONAL not in str(refused)


def test_nothing_that_a_log_could_show_of_a_refusal_holds_a_value() -> None:
    """Lambda prints the causes of an error too, and pydantic's own error quotes what it was given."""
    refused = _refusal(Envelope, _golden("envelope") | {"received_at": PERSONAL})

    assert PERSONAL not in _told(refused)


@EVERY
def test_a_missing_field_is_refused_by_name(name: str) -> None:
    """Every field without a default is required."""
    contract, golden = CONTRACTS[name], _golden(name)
    required = [field for field, info in contract.model_fields.items() if info.is_required()]
    for field in set(required) - {"schema_version"}:
        rest = {key: value for key, value in golden.items() if key != field}

        assert f"the contract is broken at {field}" in str(_refusal(contract, rest))


@EVERY
@pytest.mark.parametrize("message", ["", "{", "[]", "null", "1", '"text"', "{}", b"\xff", '{"schema_version":"1"}'])
def test_what_is_not_a_message_is_permanent(name: str, message: str | bytes) -> None:
    """Trying again makes no JSON of it."""
    assert CONTRACTS[name].__name__ in str(_refusal(CONTRACTS[name], message))


@EVERY
def test_a_newer_version_is_retriable(name: str) -> None:
    """The release that wrote it may be a minute away from us, so the message waits."""
    contract = CONTRACTS[name]
    newer = _golden(name) | {"schema_version": contract.VERSION + 1, "field_of_tomorrow": PERSONAL}

    with pytest.raises(RetriableError) as waiting:
        contract.parse(json.dumps(newer))

    assert PERSONAL not in _told(waiting.value)


@EVERY
def test_a_version_before_the_previous_one_is_permanent(name: str) -> None:
    """No queue keeps a message across two releases of its contract."""
    contract = CONTRACTS[name]

    assert "schema_version" in str(_refusal(contract, _golden(name) | {"schema_version": contract.VERSION - 2}))


class NextEnvelope(Envelope):
    """The envelope as a next release might have it, with a language added."""

    VERSION: ClassVar[int] = 2

    language: str

    @classmethod
    def lift(cls, message: dict[str, Any]) -> dict[str, Any]:
        """Version 1 knew no language."""
        return message | {"language": "en"}


def test_the_previous_version_is_lifted() -> None:
    """What waited in the queue across the release is read as if it had been written after it."""
    lifted = NextEnvelope.parse((GOLDEN / "envelope.json").read_text())

    assert (lifted.schema_version, lifted.language) == (2, "en")
    assert lifted.received_at == datetime(2026, 11, 1, 0, 0, 0, 250_000, UTC)
    assert NextEnvelope.parse(lifted.to_json()) == lifted


@pytest.mark.parametrize("version", [0, -1])
def test_the_next_release_refuses_what_is_older_than_the_previous_version(version: int) -> None:
    """Only one step back is known."""
    assert "schema_version" in str(_refusal(NextEnvelope, _golden("envelope") | {"schema_version": version}))


def test_the_next_release_waits_for_its_own_successor() -> None:
    """Deploys overlap in both directions."""
    with pytest.raises(RetriableError):
        NextEnvelope.parse(json.dumps(_golden("envelope") | {"schema_version": 3}))


class NextFacts(DeliveredFacts):
    """Delivered facts of a next release, in which nothing else changed."""

    VERSION: ClassVar[int] = DeliveredFacts.VERSION + 1


def test_a_lifted_message_keeps_its_money_and_times() -> None:
    """The way through a dictionary reads decimals and datetimes as the way through JSON does."""
    golden = (GOLDEN / "delivered_facts.json").read_text()

    assert NextFacts.parse(golden).events == DeliveredFacts.parse(golden).events


def test_a_broken_message_of_the_previous_version_is_refused_by_name() -> None:
    """Lifting mends no contract."""
    refused = _refusal(NextFacts, _golden("delivered_facts") | {"colour": PERSONAL})

    assert "colour" in str(refused)
    assert PERSONAL not in str(refused)


def test_money_and_ids_are_read_exactly() -> None:
    """No float on the way, and no id above 2^53 loses a digit."""
    placed = DeliveredFacts.parse((GOLDEN / "delivered_facts.json").read_text()).events[0]

    assert (placed.value, placed.line_items[0].unit_price) == (Decimal("403.00"), Decimal("199.00"))
    assert str(placed.value) == "403.00"
    assert placed.order_id == "820982911946154508"


def test_a_time_without_a_zone_is_refused() -> None:
    """Whose midnight it was, nobody could say."""
    message = _golden("envelope") | {"received_at": "2026-11-01T00:00:00"}

    assert "received_at" in str(_refusal(Envelope, message))


def test_a_message_cannot_be_changed() -> None:
    """What was parsed is a fact."""
    parsed = Envelope.parse((GOLDEN / "envelope.json").read_text())

    with pytest.raises(ValidationError):
        parsed.topic = "orders/updated"  # type: ignore[misc] # that is the point


def test_the_events_queue_tells_its_two_kinds_apart() -> None:
    """Facts and due rows share a queue; each is read by its own contract, as its writer writes it."""
    facts = DeliveredFacts.parse((GOLDEN / "delivered_facts.json").read_text())
    due = DueWork.parse((GOLDEN / "due_work.json").read_text())

    assert parse_event_message(facts.to_json()) == facts
    assert parse_event_message(due.to_json()) == due


def test_a_fact_that_speaks_of_due_work_is_still_a_fact() -> None:
    """A text in somebody's order cannot change how the message is read."""
    message = _golden("delivered_facts") | {"store": '"kind":"due"'}
    facts = DeliveredFacts.parse(json.dumps(message))

    assert parse_event_message(facts.to_json()) == facts


def test_a_message_of_neither_kind_is_permanent() -> None:
    """It breaks the one contract that it could be held to."""
    with pytest.raises(PermanentError):
        parse_event_message('{"schema_version":1,"kind":"poem","rows":[]}')
