"""What mails and texts make: opt-outs and holds, and nothing where a person said nothing of the kind."""

from pathlib import Path

import pytest
from commerce_sync.consent.reading_texts import read_text
from commerce_sync.contracts.consent import ALL, CUT, Channel, ConsentStatement

LABELLED = Path(__file__).parent / "labelled_mails.tsv"
SHOP = "On Mon, 2 Mar 2026 at 10:00, Our Shop <news@shop.example> wrote:"


def labelled(label: str) -> list[tuple[str, str]]:
    """Subjects and texts of mails, labelled by what their writers wanted. Written as the texts are."""
    lines = (line.split("\t") for line in LABELLED.read_text(encoding="ascii").splitlines())
    return [(subject, text.encode().decode("unicode_escape")) for given, _, subject, text in lines if given == label]


def read(channel: Channel, **evidence: str) -> tuple[str, str] | None:
    """The action and scope of what a text says."""
    statement = ConsentStatement(
        statement_id="1",
        channel=channel,
        address="ana@example.com" if channel == "email" else "+12025550123",
        action="info",
        strength="info",
        method="free_text",
        evidence=evidence,
    )
    said = read_text(statement)
    return None if said is None else (said.action, said.purpose or "")


@pytest.mark.parametrize(("subject", "text"), labelled("out"))
def test_a_mail_that_asks_to_be_left_alone_is_heard(subject: str, text: str) -> None:
    """Opted out, or held for a person."""
    assert read("email", text=text, subject=subject) in {("withdraw", ALL), ("hold", ALL)}


@pytest.mark.parametrize(("subject", "text"), labelled("benign"))
def test_a_mail_that_asks_for_something_else_says_nothing(subject: str, text: str) -> None:
    """Whatever it quotes."""
    assert read("email", text=text, subject=subject) is None


def test_what_may_be_a_quote_is_held_at_most() -> None:
    """It may be our own footer."""
    assert read("email", text=f"{SHOP}\nUnsubscribe here") == ("hold", ALL)
    assert read("email", subject="Re: unsubscribe") == ("hold", ALL)
    assert read("email", text=f"{SHOP}\nBig sale") is None
    assert read("email", subject="Re: Big sale") is None


def test_an_opt_out_anywhere_in_a_long_mail_is_heard() -> None:
    """Not at its ends only, nor across the edges of what is read at a time."""
    for before in range(9_400, 10_100, 7):
        text = "h" * before + " please opt me out now. " + "thanks a lot " * 700
        assert read("email", text=text) == ("withdraw", ALL), before


def test_a_mail_that_was_not_read_whole_is_held() -> None:
    """Unless all that is missing is of what it quotes."""
    long = "thanks a lot " * 2_000
    assert read("email", text=long) == ("hold", ALL)
    assert read("email", text="Where is my parcel?", **{CUT: "yes"}) == ("hold", ALL)
    assert read("email", text=f"Where is my parcel?\n\n{SHOP}\n{long}", **{CUT: "yes"}) is None
    assert read("email", text=f"{SHOP}\n{long}", **{CUT: "yes"}) == ("hold", ALL)
    assert read("sms", text="hello", **{CUT: "yes"}) == ("hold", ALL)
    assert read("sms", text="hello") is None
