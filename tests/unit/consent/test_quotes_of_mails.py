"""Of a mail only what its writer wrote counts: our own footer says "unsubscribe"."""

import pytest
from commerce_sync.consent.keywords import classify
from commerce_sync.consent.quoting import LONGEST, without_quotes

FOOTER = "No longer want these? Unsubscribe here.\nSTOP"
MARKED = "\n".join(f"> {line}" for line in FOOTER.splitlines())
INTRODUCTIONS = [
    "On Mon, 2 Mar 2026 at 10:00, Our Shop <news@shop.example> wrote:",
    "On Mon, 2 Mar 2026 at 10:00, Our Shop\n<news@shop.example>\nwrote:",
    "Am 02.03.2026 um 10:00 schrieb Our Shop <news@shop.example>:",
    "Le lun. 2 mars 2026 \u00e0 10:00, Our Shop <news@shop.example> a \u00e9crit :",
    "El lun, 2 mar 2026 a las 10:00, Our Shop (<news@shop.example>) escribi\u00f3:",
    "Il giorno lun 2 mar 2026 alle ore 10:00 Our Shop <news@shop.example> ha scritto:",
    "Em seg., 2 de mar. de 2026 \u00e0s 10:00, Our Shop <news@shop.example> escreveu:",
    "-----Original Message-----",
    "-----Urspr\u00fcngliche Nachricht-----",
    "-------- Message original --------",
    "-----Mensaje original-----",
    "-----Messaggio originale-----",
    "-----Mensagem original-----",
    "From: Our Shop <news@shop.example>\nSent: Monday, 2 March 2026 10:00",
    "Von: Our Shop <news@shop.example>\nGesendet: Montag, 2. M\u00e4rz 2026 10:00",
]


@pytest.mark.parametrize("introduction", INTRODUCTIONS)
def test_what_follows_an_introduction_is_quoted(introduction: str) -> None:
    """Marked or not."""
    for quoted in (FOOTER, MARKED):
        assert classify(without_quotes(f"Thank you!\n\n{introduction}\n\n{quoted}")) == "none"
        assert classify(without_quotes(f"Please unsubscribe me\n\n{introduction}\n{quoted}")) == "out"


def test_an_answer_below_or_between_the_quotes_counts() -> None:
    """Where the quotes are marked, what is not marked is the writer's."""
    assert without_quotes(f"{INTRODUCTIONS[0]}\n{MARKED}\n\nplease stop") == "please stop"
    assert without_quotes("> Do you like it?\nno\n>> unsubscribe\nbye") == "no\nbye"


def test_a_mail_without_quotes_is_itself() -> None:
    """Words that begin like an introduction too."""
    for text in ("Please stop", "On Monday I wrote to you: nobody answered. Unsubscribe me.", "From: me\nStop it", ""):
        assert without_quotes(text) == text


def test_a_huge_mail_is_cut() -> None:
    """Before anything looks at it."""
    assert len(without_quotes("on schrieb " * 1_000_000)) <= LONGEST
    assert len(without_quotes("on schrieb wrote\n" * 1_000_000)) <= LONGEST
