"""From a statement to a record: purposes, senders, notices, texts, and what is refused or held instead."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from commerce_sync.consent import fold
from commerce_sync.consent.rules import shipped_rules
from commerce_sync.consent.stating import Refusal
from commerce_sync.contracts.consent import ConsentRecord
from commerce_sync.contracts.consent_policy import ConsentPolicy
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.consent.statements import AT, POLICY, RECEIVED, made, notice, stated


def test_a_statement_becomes_a_record_of_its_stores_purpose_and_sender() -> None:
    """One clock is a source with its store; the ledger fills in the key."""
    record = made()
    assert (record.purpose, record.sender, record.source, record.address_key) == (
        "marketing",
        "main",
        "shopify:us",
        "-",
    )
    assert (record.action, record.strength, record.method) == ("grant", "strong_in", "checkout")
    assert (record.occurred_at, record.received_at, record.source_event_id) == (AT, RECEIVED, "order:1")
    assert (record.tenant, record.rule_version) == ("main", shipped_rules().version)
    assert fold([record], sender="main", at=RECEIVED).state == "in"


def test_a_stores_own_purpose_and_sender_come_before_the_default() -> None:
    """As consent.toml says."""
    record = made("own", "outlet")
    assert (record.purpose, record.sender) == ("offers", "outlet")


def test_the_same_act_is_one_record_and_any_other_another() -> None:
    """Length-prefixed parts: none run together."""
    one = made()
    assert made(evidence={"more": "x"}).record_id == one.record_id
    others = [
        made("own"),
        made(store="eu"),
        made(statement_id="order:2"),
        made(channel="sms", address="+12025550123"),
        made(purpose="offers"),
        made(sender="outlet"),
    ]
    assert len({one.record_id, *(other.record_id for other in others)}) == 7


@pytest.mark.parametrize(
    ("policy", "changes", "strength", "notice_id"),
    [
        (POLICY, {}, "strong_in", "checkout-2026"),
        (POLICY, {"notice_sha256": "A" * 64}, "strong_in", "checkout-2026"),
        (POLICY, {"notice_sha256": "b" * 64}, "weak_in", None),
        (POLICY, {"form": "shopify:us:popup"}, "weak_in", None),
        (POLICY, {"form": None}, "weak_in", None),
        (POLICY, {"occurred_at": datetime(2025, 12, 31, tzinfo=UTC)}, "weak_in", None),
        (POLICY, {"occurred_at": None}, "weak_in", None),
        (POLICY, {"strength": "verified_in", "form": None}, "verified_in", None),
        (POLICY, {"strength": "verified_in"}, "verified_in", "checkout-2026"),
        (POLICY, {"strength": "weak_in"}, "weak_in", "checkout-2026"),
    ],
)
def test_an_opt_in_without_a_known_notice_of_its_day_is_weak(
    policy: ConsentPolicy, changes: dict[str, Any], strength: str, notice_id: str | None
) -> None:
    """Known is the form, the day, and the text where its hash is told."""
    record = made(policy=policy, **changes)
    assert (record.strength, record.evidence.get("notice_id")) == (strength, notice_id)


def test_the_notice_that_was_shown_is_stamped() -> None:
    """Its last day counts; of several the one of the statement's language, else the newest."""
    old = notice("old", sha256="b" * 64, valid_until=date(2026, 11, 2))
    german = notice("german", sha256="c" * 64, language="de")
    policy = POLICY.model_copy(update={"notices": (old, german, *POLICY.notices)})
    assert made(policy=policy, evidence={"language": "de"}).evidence["notice_id"] == "german"
    assert made(policy=policy, notice_sha256="b" * 64).evidence["notice_id"] == "old"
    late = stated(policy=policy, notice_sha256="b" * 64, occurred_at=AT + timedelta(days=1))
    assert isinstance(late, ConsentRecord)
    assert (late.strength, late.evidence["notice_claimed"]) == ("weak_in", "b" * 64)


def test_klaviyos_opt_ins_count_as_what_they_are_there() -> None:
    """Go-live changes nobody's standing; no notice of ours was shown."""
    record = made("klaviyo", "main", form=None, method="form", subscription="account")
    assert (record.strength, record.purpose) == ("strong_in", "marketing")


@pytest.mark.parametrize("method", ["import", "staff"])
@pytest.mark.parametrize("strength", ["verified_in", "strong_in", "weak_in"])
def test_imports_and_staff_are_weak_whatever_they_claim(method: str, strength: str) -> None:
    """R3."""
    assert made(method=method, strength=strength).strength == "weak_in"
    assert made("klaviyo", "main", method=method, strength=strength).strength == "weak_in"


@pytest.mark.parametrize("strength", ["info", "pref_out", "hard_out"])
def test_a_grant_that_contradicts_itself_is_held(strength: str) -> None:
    """R4."""
    record = made(strength=strength)
    assert (record.action, record.strength) == ("hold", "info")


@pytest.mark.parametrize("strength", ["info", "weak_in", "strong_in", "verified_in"])
def test_a_withdrawal_is_one_whatever_its_strength_says(strength: str) -> None:
    """The worst bug is a lost opt-out."""
    record = made(action="withdraw", strength=strength)
    assert (record.action, record.strength) == ("withdraw", "pref_out")


@pytest.mark.parametrize(
    ("source", "changes", "purpose"),
    [
        ("shopify", {"purpose": "offers"}, "offers"),
        ("hubspot", {"subscription": "Marketing Information"}, "marketing"),
        ("hubspot", {"subscription": "77"}, "offers"),
        ("klaviyo", {"subscription": "LiSt01"}, "offers"),
        ("klaviyo", {"subscription": "account"}, "marketing"),
        ("klaviyo", {"subscription": "account", "action": "withdraw", "strength": "pref_out"}, "*"),
        ("shopify", {"purpose": "*", "action": "withdraw", "strength": "pref_out"}, "*"),
        ("shopify", {"purpose": "*", "action": "hold", "strength": "info"}, "*"),
    ],
)
def test_a_vendors_list_or_type_means_its_configured_purpose(
    source: str, changes: dict[str, Any], purpose: str
) -> None:
    """Who leaves the whole account leaves every purpose."""
    record = made(source, "main", **changes)
    assert (record.purpose, record.sender) == (purpose, "main")
    assert record.evidence.get("subscription") == changes.get("subscription")


@pytest.mark.parametrize(
    ("source", "changes", "reason"),
    [
        ("shopify", {"purpose": "astrology"}, "unknown_purpose"),
        ("shopify", {"purpose": "*"}, "unknown_purpose"),
        ("shopify", {"purpose": ""}, "unknown_purpose"),
        ("shopify", {"sender": "nobody"}, "unknown_sender"),
        ("shopify", {"sender": "*"}, "unknown_sender"),
        ("hubspot", {"subscription": "account number"}, "unknown_subscription"),
        ("hubspot", {"subscription": "LiSt01"}, "unknown_subscription"),
        ("klaviyo", {"subscription": "77"}, "unknown_subscription"),
        ("shopify", {"purpose": "offers", "channel": "sms", "address": "+12025550123"}, "purpose_not_on_channel"),
        ("shopify", {"address": ""}, "address_not_usable"),
    ],
)
def test_an_opt_in_that_nobody_configured_is_refused(source: str, changes: dict[str, Any], reason: str) -> None:
    """With its reason, and never IN."""
    assert stated(source, "main", **changes) == Refusal(reason)


@pytest.mark.parametrize(
    "changes",
    [{"purpose": "astrology"}, {"sender": "nobody"}, {"subscription": "unheard of"}],
)
@pytest.mark.parametrize("action", ["withdraw", "hold"])
def test_an_opt_out_that_nobody_configured_is_held_everywhere(changes: dict[str, Any], action: str) -> None:
    """Nobody knows what it is about, so nobody writes until a person decides."""
    record = made(action=action, strength="pref_out", **changes)
    assert (record.action, record.strength, record.purpose, record.sender) == ("hold", "info", "*", "*")
    assert record.evidence["unplaced"].startswith("unknown_")
    assert record.evidence["said"] == f"{action} pref_out"
    assert fold([made(), record], sender="main", at=RECEIVED).state == "hold"


@pytest.mark.parametrize("action", ["grant", "withdraw", "hold", "info"])
@pytest.mark.parametrize(("source", "name"), [("hubspot", "One to One"), ("klaviyo", "LiStXX")])
def test_what_is_ignored_by_name_is_skipped(source: str, name: str, action: str) -> None:
    """One-to-one sales mail is no marketing."""
    assert stated(source, "main", subscription=name, action=action) == Refusal("subscription_ignored", is_settled=True)


def test_information_that_has_no_place_stays_information() -> None:
    """A bounce of an unknown list holds nobody."""
    assert made(action="info", strength="info", subscription="unheard of").action == "info"


def test_a_stop_by_phone_is_of_every_purpose_and_brand() -> None:
    """R5."""
    sms: dict[str, Any] = {"channel": "sms", "address": "+12025550123", "action": "withdraw"}
    assert [(one.purpose, one.sender) for one in [made(**sms, strength="hard_out")]] == [("*", "*")]
    assert [(one.purpose, one.sender) for one in [made(**sms, strength="pref_out")]] == [("marketing", "main")]


@pytest.mark.parametrize(
    ("changes", "country"),
    [
        ({"country": "de"}, "DE"),
        ({"country": "Germany"}, None),
        ({"country": None}, None),
        ({"channel": "sms", "address": "+4915112345678"}, "DE"),
        ({"channel": "sms", "address": "+4915112345678", "country": "AT"}, "AT"),
        ({"channel": "sms", "address": "nonsense"}, None),
    ],
)
def test_the_jurisdiction_is_what_the_source_says_or_the_phone_number(
    changes: dict[str, Any], country: str | None
) -> None:
    """Confirmation rules depend on it."""
    assert made(**changes).country == country


def test_what_ends_by_itself_says_so() -> None:
    """The fold computes when."""
    assert made(expires_rule="casl_purchase").expires_rule == "casl_purchase"


ACTIONS = st.sampled_from(["grant", "withdraw", "hold", "info"])
STRENGTHS = st.sampled_from(["hard_out", "pref_out", "verified_in", "strong_in", "weak_in", "info"])
NAMES = (
    st.none() | st.sampled_from(["marketing", "offers", "*", "account", "77", "LiStXX", "?", ""]) | st.text(max_size=5)
)
METHODS = st.sampled_from(["checkout", "import", "staff", "api", "form", "bounce", ""])


@given(
    action=ACTIONS,
    strength=STRENGTHS,
    purpose=NAMES,
    subscription=NAMES,
    sender=NAMES,
    form=NAMES,
    method=METHODS,
    source=st.sampled_from(["shopify", "hubspot", "klaviyo", "own"]),
)
def test_no_statement_but_a_proven_grant_is_ever_permission(source: str, **said: Any) -> None:
    """Whatever stands in it: nothing raises, and only a grant that is strong enough is IN."""
    record = stated(source, "main", **said)
    if isinstance(record, Refusal):
        assert said["action"] in {"grant", "info"} or record.reason == "subscription_ignored"
        return
    state = fold([record], sender="main", at=RECEIVED).state
    assert state != "in" or (said["action"], said["strength"]) in {("grant", "verified_in"), ("grant", "strong_in")}
    assert (
        said["action"] != "withdraw"
        or state in {"out", "hold"}
        or record.purpose not in {"marketing", "*"}
        or (record.sender not in {"main", "*"})
    )
