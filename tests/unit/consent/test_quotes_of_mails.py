"""Of a mail what its writer wrote counts, and what may be a quote where they wrote nothing else."""

import pytest
from commerce_sync.consent.keywords import classify
from commerce_sync.consent.quoting import LONGEST, parted

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
    "From: Our Shop <news@shop.example>\nSent: Monday, 2 March 2026 10:00\nTo: Ana\nSubject: Sale",
    "Von: Our Shop <news@shop.example>\nGesendet: Montag, 2. M\u00e4rz 2026 10:00\nAn: Ana\nBetreff: Angebote",
]


@pytest.mark.parametrize("introduction", INTRODUCTIONS)
def test_what_follows_an_introduction_is_quoted(introduction: str) -> None:
    """Marked or not."""
    for quoted in (FOOTER, MARKED):
        assert parted(f"Thank you!\n\n{introduction}\n\n{quoted}").own == "Thank you!"
        assert classify(parted(f"Please unsubscribe me\n\n{introduction}\n{quoted}").own) == "out"


@pytest.mark.parametrize("introduction", INTRODUCTIONS)
def test_what_is_quoted_without_a_mark_is_doubtful(introduction: str) -> None:
    """It may be all that the person has to say; what is marked is not theirs."""
    assert FOOTER in parted(f"Hi,\n\n{introduction}\n\n{FOOTER}").doubtful
    assert parted(f"Hi,\n\n{introduction}\n\n{MARKED}").doubtful == ""


def test_an_answer_below_or_between_the_quotes_counts() -> None:
    """Where the quotes are marked, what is not marked is the writer's."""
    assert parted(f"{INTRODUCTIONS[0]}\n{MARKED}\n\nplease stop") == ("please stop", "")
    assert parted("> Do you like it?\nno\n>> unsubscribe\nbye") == ("no\nbye", "")
    assert parted("| Do you like it?\nno") == ("no", "| Do you like it?")


def test_a_mail_without_quotes_is_itself() -> None:
    """Words that begin like an introduction or like a header too."""
    for text in (
        "Please stop",
        "On Monday I wrote to you: nobody answered. Unsubscribe me.",
        "On Monday you wrote:\nWe have news.",
        "A colleague of mine wrote:\nRemove me.",
        "From: me\nStop it",
        "From: Ana\nSent: today\nStop it",
        "",
    ):
        assert parted(text) == (text, "")


@pytest.mark.parametrize("text", ["Hi,", "Dear Sir or Madam,", "Hallo zusammen,", "", "Bonjour ,"])
def test_a_salutation_says_nothing(text: str) -> None:
    """So the rest may be what the person wrote."""
    assert not parted(text).has_words_of_its_own


@pytest.mark.parametrize("text", ["Hi, stop", "Thank you!", "Where is it, please", "a, b,", "Hi,\nyes"])
def test_anything_else_does(text: str) -> None:
    """Then what is quoted is quoted."""
    assert parted(text).has_words_of_its_own


def test_a_huge_mail_is_cut() -> None:
    """Before anything looks at it."""
    for text in ("on schrieb " * 1_000_000, "on schrieb wrote\n" * 1_000_000, "on 2026 wrote\n" * 1_000_000):
        mail = parted(text)
        assert len(mail.own) + len(mail.doubtful) <= LONGEST
