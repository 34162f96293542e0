"""Texts and mails that people wrote become records by their keywords."""

from typing import Any

import pytest
from commerce_sync.consent.stating import Refusal

from tests.unit.consent.statements import made, stated


def text(said: str, **changes: Any) -> dict[str, Any]:
    """A text that nobody has read."""
    unread = {"action": "info", "strength": "info", "form": None, "evidence": {"text": said}}
    return unread | {"channel": "sms", "address": "+12025550123", "method": "keyword"} | changes


def mail(said: str, subject: str = "") -> dict[str, Any]:
    """A mail that nobody has read."""
    evidence = {"text": said, "subject": subject}
    return text(said, channel="email", address="ada@example.com", method="free_text", evidence=evidence)


@pytest.mark.parametrize(
    ("said", "action", "strength", "word"),
    [
        ("STOP", "withdraw", "hard_out", "out"),
        ("S.T.O.P!", "withdraw", "hard_out", "out"),
        ("ARRÊT", "withdraw", "hard_out", "out"),
        ("cancel my order", "hold", "info", "hold"),
        ("START", "grant", "verified_in", "start"),
        ("UNSTOP", "grant", "verified_in", "start"),
        ("yes", "grant", "verified_in", "yes"),
    ],
)
def test_a_text_is_read_by_its_keywords(said: str, action: str, strength: str, word: str) -> None:
    """In all languages; only from the handset is a word an opt-in."""
    record = made("sms", "main", **text(said))
    assert (record.action, record.strength, record.method) == (action, strength, "keyword")
    assert record.evidence == {"text": said, "keyword_class": word}
    assert record.purpose == ("marketing" if action == "grant" else "*")


@pytest.mark.parametrize("said", ["HELP", "ok thx", "see you this weekend", "", " "])
def test_a_text_that_says_nothing_becomes_no_record(said: str) -> None:
    """Settled: nothing is left to be done."""
    assert stated("sms", "main", **text(said)) == Refusal("text_says_nothing", is_settled=True)


@pytest.mark.parametrize(
    ("said", "subject", "action", "strength"),
    [
        ("please unsubscribe me", "", "withdraw", "pref_out"),
        ("", "Unsubscribe", "withdraw", "pref_out"),
        ("hello", "STOP", "withdraw", "pref_out"),
        ("cancel my order", "Order 5", "hold", "info"),
    ],
)
def test_a_mail_is_read_by_its_keywords(said: str, subject: str, action: str, strength: str) -> None:
    """A mail opts out of mail, for every purpose."""
    record = made("support", "main", **mail(said, subject))
    assert (record.action, record.strength, record.purpose, record.channel) == (action, strength, "*", "email")


@pytest.mark.parametrize(
    ("said", "subject"),
    [
        ("yes", ""),
        ("START", ""),
        ("where is my parcel?\n\n> To unsubscribe from our mails click here", ""),
        ("where is my parcel?", "Re: Unsubscribe any time"),
        ("where is my parcel?", "AW: Stop looking, start saving"),
    ],
)
def test_a_mail_opts_nobody_in_and_what_it_quotes_is_not_its_own(said: str, subject: str) -> None:
    """Our own footer says unsubscribe."""
    assert stated("support", "main", **mail(said, subject)) == Refusal("text_says_nothing", is_settled=True)


def test_a_long_text_is_kept_in_part() -> None:
    """Evidence is for people to read."""
    record = made("support", "main", **mail("stop. " + "x" * 10_000))
    assert len(record.evidence["text"]) == 2000
