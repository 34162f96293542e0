"""The sentence that decides: every state, and every reason why the opposite record does not count."""

from datetime import timedelta
from typing import Any

import pytest
from commerce_sync.consent.explaining import counts_as, sentence
from commerce_sync.consent.folding import fold
from commerce_sync.consent.rules import shipped_rules
from commerce_sync.contracts.consent import ConsentRecord

from tests.unit.consent.kinds import LATER, NOON, kinds, multisets, said

RULES = shipped_rules()
CORRECTION: dict[str, Any] = {
    "action": "correction",
    "record_id": "c",
    "evidence": {"voids": ["v"], "approved_by": ["kim", "lee"]},
}


def out(minute: int | None = 0, **more: Any) -> ConsentRecord:
    """An unsubscription at Klaviyo."""
    return said("pref_out", minute, **{"source": "klaviyo:main", "method": "preference_page", **more})


def stop(minute: int | None = 0, **more: Any) -> ConsentRecord:
    """STOP by text."""
    return said("hard_out", minute, **{"source": "sms:main", "method": "keyword", "channel": "sms", **more})


def opted_in(minute: int | None = 0, **more: Any) -> ConsentRecord:
    """An opt-in at a store's checkout form."""
    return said("strong_in", minute, **{"source": "shopify:us", "method": "form", **more})


def told(*records: ConsentRecord, sender: str = "a") -> str:
    """The sentence of these records."""
    return sentence(fold(records, sender=sender, at=LATER, rules=RULES), records, RULES)


CASES = {
    "nothing": ([], "NONE: nothing is known, and no information is no permission."),
    "only a note": (
        [said("info")],
        "NONE: what is known was noted only, has ended, was voided by a correction or is another brand's.",
    ),
    "another brand's opt-in": (
        [opted_in(sender="b")],
        "NONE: what is known was noted only, has ended, was voided by a correction or is another brand's.",
    ),
    "an opt-in": ([opted_in()], "IN: opted in (form) on 2026-03-02 12:00 UTC at Shopify (us)."),
    "a confirmed opt-in": (
        [said("verified_in", method="preference_page", source="preferences:us")],
        "IN: opted in (preference page), verified on 2026-03-02 12:00 UTC at a preference form (us).",
    ),
    "an opt-in after an opt-out": (
        [out(), opted_in(60)],
        "IN: opted in (form) on 2026-03-02 13:00 UTC at Shopify (us); the opt-out of 2026-03-02 12:00 UTC is older.",
    ),
    "an opt-in after a hold that a person released": (
        [
            said("info", 0, action="hold", record_id="h", method="free_text"),
            opted_in(-60),
            said("info", 5, action="review", actor="staff", record_id="r", evidence={"decides": ["h"]}),
        ],
        (
            "IN: opted in (form) on 2026-03-02 11:00 UTC at Shopify (us); "
            "a person decided the hold of 2026-03-02 12:00 UTC."
        ),
    ),
    "an opt-out": ([out()], "OUT: unsubscribed (preference page) on 2026-03-02 12:00 UTC at Klaviyo."),
    "an opt-out after an opt-in": (
        [opted_in(), out(60)],
        (
            "OUT: unsubscribed (preference page) on 2026-03-02 13:00 UTC at Klaviyo; "
            "the opt-in of 2026-03-02 12:00 UTC is older."
        ),
    ),
    "a tie": (
        [opted_in(), out()],
        (
            "OUT: unsubscribed (preference page) on 2026-03-02 12:00 UTC at Klaviyo; "
            "the opt-in of the same moment is a tie, and a tie is OUT."
        ),
    ),
    "a tie across clocks": (
        [out(), opted_in(5)],
        (
            "OUT: unsubscribed (preference page) on 2026-03-02 12:00 UTC at Klaviyo; the opt-in of 2026-03-02 12:05 "
            "UTC is later by 5 minutes or less, on another clock: a tie, and a tie is OUT."
        ),
    ),
    "weak evidence after an opt-out": (
        [out(), said("weak_in", 60, method="import", source="import:legacy")],
        (
            "OUT: unsubscribed (preference page) on 2026-03-02 12:00 UTC at Klaviyo; the opt-in of 2026-03-02 13:00 "
            "UTC is weak evidence (was imported), and clears nothing."
        ),
    ),
    "an undated opt-in after an opt-out": (
        [out(), opted_in(None)],
        (
            "OUT: unsubscribed (preference page) on 2026-03-02 12:00 UTC at Klaviyo; an opt-in that reached us on "
            "2026-03-02 12:40 UTC has no time of its own, and clears nothing."
        ),
    ),
    "an undated opt-out": (
        [opted_in(), out(None)],
        (
            "OUT: unsubscribed (preference page) on 2026-03-02 12:40 UTC at Klaviyo (its own time is missing: it "
            "counts from when it reached us); the opt-in of 2026-03-02 12:00 UTC is older."
        ),
    ),
    "an opt-out whose time is not trusted": (
        [out(occurred_trust="untrusted")],
        (
            "OUT: unsubscribed (preference page) on 2026-03-02 12:00 UTC at Klaviyo (its own time cannot be trusted: "
            "it counts from when it reached us)."
        ),
    ),
    "an opt-out from the future": (
        [out(90, received=0)],
        (
            "OUT: unsubscribed (preference page) on 2026-03-02 12:00 UTC at Klaviyo (its own time, 2026-03-02 13:30 "
            "UTC, lies in the future: it counts from when it reached us)."
        ),
    ),
    "a STOP": ([stop()], "OUT: opted out by text on 2026-03-02 12:00 UTC at inbound text messages (main)."),
    "a STOP, and an unconfirmed opt-in": (
        [stop(), opted_in(60, channel="sms")],
        (
            "OUT: opted out by text on 2026-03-02 12:00 UTC at inbound text messages (main); the opt-in of "
            "2026-03-02 13:00 UTC is later, but nobody confirmed it, and only a confirmed one ends this opt-out."
        ),
    ),
    "a complaint": (
        [said("hard_out", source="klaviyo:main", method="suppression")],
        "OUT: was suppressed by STOP, complaint or law on 2026-03-02 12:00 UTC at Klaviyo.",
    ),
    "an echo": (
        [out(record_id="o"), out(10, actor="system", evidence={"echo_of": ["o"]}, source="hubspot:main")],
        "OUT: unsubscribed (preference page) on 2026-03-02 12:00 UTC at Klaviyo.",
    ),
    "an erasure": (
        [said("hard_out", source="erasure", method="erasure")],
        "OUT: asked to be forgotten on 2026-03-02 12:00 UTC.",
    ),
    "a person's decision": (
        [
            said("info", 0, action="hold", record_id="h"),
            said("pref_out", 5, action="review", actor="staff", source="operations", evidence={"decides": ["h"]}),
        ],
        "OUT: a person decided OUT in review on 2026-03-02 12:05 UTC.",
    ),
    "an unclear text": (
        [said("info", action="hold", method="keyword", source="sms:main", evidence={"keyword_class": "HOLD"})],
        (
            "HOLD: sent a text on 2026-03-02 12:00 UTC at inbound text messages (main), and it may or may not be an "
            "opt-out; nobody may write until a person decides: operations review."
        ),
    ),
    "a conflict": (
        [said("info", action="hold", method="baseline_conflict", source="hubspot:main")],
        (
            "HOLD: systems contradict each other (was found open in one system and closed in another on "
            "2026-03-02 12:00 UTC at HubSpot); nobody may write until a person decides: operations review."
        ),
    ),
    "a value that is not known": (
        [said("info", action="hold", method="profile_state", source="klaviyo:main")],
        (
            "HOLD: said something unclear on 2026-03-02 12:00 UTC at Klaviyo, and what was said is not known to us or "
            "contradicts itself; nobody may write until a person decides: operations review."
        ),
    ),
    "an opt-in that must be confirmed": (
        [opted_in(channel="sms", method="checkout")],
        (
            "PENDING: opted in (checkout) on 2026-03-02 12:00 UTC at Shopify (us); an opt-in made so or there must be "
            "confirmed first, and nothing is sent."
        ),
    ),
    "one that must be confirmed, after an opt-out": (
        [out(channel="sms"), opted_in(60, channel="sms", method="checkout")],
        (
            "PENDING: opted in (checkout) on 2026-03-02 13:00 UTC at Shopify (us); an opt-in made so or there must be "
            "confirmed first, and nothing is sent; the opt-out of 2026-03-02 12:00 UTC is older."
        ),
    ),
    "weak evidence for email": (
        [said("weak_in", method="import", source="import:legacy")],
        (
            "WEAK: was imported on 2026-03-02 12:00 UTC at import (legacy); that is weak evidence: it allows email "
            "only where the law takes implied consent."
        ),
    ),
    "weak evidence for texts": (
        [said("weak_in", method="profile_state", source="hubspot:main", channel="sms")],
        (
            "WEAK: was found subscribed on 2026-03-02 12:00 UTC at HubSpot; that is weak evidence: no text message is "
            "ever sent on it."
        ),
    ),
    "an undated opt-in": (
        [opted_in(None)],
        (
            "WEAK: opted in (form) on 2026-03-02 12:40 UTC at Shopify (us) (its own time is missing: it counts from "
            "when it reached us); that is weak evidence: it allows email only where the law takes implied consent."
        ),
    ),
}


@pytest.mark.parametrize(("records", "words"), CASES.values(), ids=CASES)
def test_a_state_is_told_with_the_record_that_decides(records: list[ConsentRecord], words: str) -> None:
    """And with why the opposite one does not."""
    assert told(*records) == words


@pytest.mark.parametrize("channel", ["email", "sms"])
def test_every_small_set_of_records_has_a_sentence(channel: Any) -> None:
    """It begins with the state, and names nobody."""
    for records in multisets(kinds(channel), 2):
        words = told(*records)
        assert words.startswith(fold(records, sender="a", at=LATER, rules=RULES).state.upper() + ": ")
        assert words.endswith(".")
        assert "@" not in words


def test_each_record_says_what_it_counts_for() -> None:
    """A voided one for nothing."""
    records = [
        said("weak_in", record_id="w"),
        said("pref_out", record_id="v", actor="system"),
        said("info", **CORRECTION),
    ]
    assert counts_as(records, RULES) == {
        "w": "weak evidence, which clears nothing",
        "v": "nothing: a correction voids it",
        "c": "a note",
    }


def test_an_opt_in_that_has_ended_gives_nothing() -> None:
    """Computed when it is read."""
    implied = opted_in(expires_rule="casl_inquiry")
    later = NOON + timedelta(days=400)
    state = fold([implied], sender="a", at=later, rules=RULES)
    assert sentence(state, [implied], RULES).startswith("NONE: what is known was noted only, has ended")
