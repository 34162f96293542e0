"""What free texts say, in six languages and many disguises."""

from collections import Counter
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest
from commerce_sync.consent.keywords import KeywordsFile, classify, is_answer, means
from commerce_sync.consent.normalizing_texts import LONGEST, words_of
from commerce_sync.consent.rules import HERE, read_table
from commerce_sync.errors import ConfigurationError

LANGUAGES = {"en", "es", "fr", "de", "it", "pt"}
LABELLED = Path(__file__).parent / "labelled_texts.tsv"
EXAMPLES = {
    "out": [
        *("STOP", "stop.", "STOP \U0001f6d1", "S T O P", "S.T.O.P!", "\uff33\uff34\uff2f\uff30", "S\u200bT\u200bOP"),
        *("ARR\u00caT", "No m\u00e1s", "no mas por favor", "opt-out", "Opt Out please", "please stop texting"),
        *("don't stop", "remove me from this list", "cancel", "END", "quit", "unsub", "I revoke consent"),
        *("please s t o p now", "stopp", "stop all", "STOPALL", "unsubscribe", "revoke", "td"),
    ],
    "hold": [
        *("cancel my order", "no thanks", "the end is great", "I quit my job", "nonstop deals?", "no", "fine"),
        *("st0p", "STOOOOP", "\u0405\u0422\u041e\u0420", "\U0001f182\U0001f183\U0001f17e\U0001f17f"),
    ],
    "none": [*("see you this weekend", "send it", "finally here", "ok thx", "", " ", "\U0001f44d", "\u200b", "12345")],
    "in": [*("UNSTOP", "START", "YES", "Y", "un stop", "s\u00ed", "oui", "ja", "sim", "ALTA")],
    "help": [*("HELP", "info", "AIDE", "hilfe", "ayuda", "aiuto", "ajuda")],
}


class Labelled(NamedTuple):
    """A text with what the person who wrote it wanted: ``out`` or ``benign``."""

    label: str
    language: str
    text: str


@cache
def labelled() -> tuple[Labelled, ...]:
    """All of them, labelled by meaning and not by what any list holds. Signs beyond ASCII are written as escapes."""
    lines = LABELLED.read_text(encoding="ascii").splitlines()
    parts = (line.split("\t") for line in lines)
    return tuple(Labelled(label, code, text.encode().decode("unicode_escape")) for label, code, text in parts)


@pytest.mark.parametrize(
    ("keyword", "text"), [(keyword, text) for keyword, texts in EXAMPLES.items() for text in texts]
)
def test_a_worked_example(keyword: str, text: str) -> None:
    """Those of the facts, and some disguises."""
    assert classify(text) == keyword
    assert means(text) == {"out": "OUT", "hold": "HOLD"}.get(keyword, "NONE")


def test_there_are_enough_labelled_texts_of_every_language() -> None:
    """Of both labels, each once."""
    count = Counter((one.label, one.language) for one in labelled())
    assert len(labelled()) == len(set(labelled())) > 400
    assert all(count[label, code] >= 40 for label in ("out", "benign") for code in LANGUAGES)


def test_every_labelled_opt_out_is_heard() -> None:
    """OUT or held; none is overheard."""
    assert [one for one in labelled() if one.label == "out" and means(one.text) == "NONE"] == []


def test_few_benign_texts_are_taken_for_an_opt_out() -> None:
    """At most one in twenty; those that are held are decided by a person."""
    meanings = Counter(means(one.text) for one in labelled() if one.label == "benign")
    assert meanings["OUT"] <= 0.05 * meanings.total()
    assert meanings["HOLD"] <= 0.15 * meanings.total()


@pytest.mark.parametrize("decorate", ["{}!", "  {}  ", "({})", "\u200b{}", "{} \U0001f6d1", '"{}"', "{}\n", "{}\ufe0f"])
def test_signs_around_a_keyword_change_nothing(decorate: str) -> None:
    """In any case and with any accent."""
    for text in ("stop", "BAJA", "Arr\u00eat", "ARRE\u0302T", "abmelden", "basta", "sair"):
        assert classify(decorate.format(text)) == "out", text


def test_yes_is_an_answer_and_start_is_not() -> None:
    """YES counts only where a confirmation is pending."""
    assert is_answer("Yes!")
    assert is_answer("s\u00ec")
    assert not is_answer("START")


def test_a_long_text_is_read_in_pieces() -> None:
    """All of it; and of a huge one both ends, which is not enough to say that it says nothing."""
    assert classify("hello " * 8_000 + "please unsubscribe me " + "hello " * 8_000) == "out"
    assert classify("hello " * 8_000 + "cancel my order " + "hello " * 8_000) == "hold"
    assert classify("hello " * 16_000) == "none"
    assert classify("hello " * 500_000 + "please unsubscribe me") == "out"
    assert classify("stop " + "hello " * 500_000) == "out"
    assert classify("hello " * 500_000) == "hold"
    assert len(words_of("\ufdfa" * 1_000_000)) < 20 * LONGEST


def shipped() -> str:
    """The file's text."""
    return (HERE / "keywords.toml").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["start", "yes", "help", "out", "out_inside", "hold_inside", "refusals", "messages"])
def test_an_empty_list_stops_the_build(tmp_path: Path, name: str) -> None:
    """With the file and the place."""
    before, _, rest = shipped().partition(f"\n{name} = [")
    (tmp_path / "keywords.toml").write_text(f"{before}\n{name} = []{rest.partition(']')[2]}", encoding="utf-8")
    with pytest.raises(ConfigurationError, match=rf"keywords\.toml: .*language\.0\.{name}"):
        read_table(KeywordsFile, "keywords", tmp_path)


@pytest.mark.parametrize(
    ("text", "instead", "reason"),
    [
        ('hold_parts = ["stop", ', "hold_parts = []\nheld = [", "hold_parts"),
        ('yes = ["ja"]', 'yes = ["stop"]', "two classes: stop"),
        ('yes = ["ja"]', 'yes = ["!"]', r"language\.3\.yes: .*without a letter"),
        ('yes = ["ja"]', 'yes = ["ja", "yes please stop"]', "says an opt-out: yes please stop"),
        ('start = ["start", ', 'start = ["start", "do not contact", ', "says an opt-out: do not contact"),
        ('    "stop", "quit", "end",', '    "quit", "end",', "language en ends nothing by: stop"),
        ('"arr\u00eat", "arr\u00eater",', '"arr\u00eater",', "language fr ends nothing by: arret"),
        ('code = "fr"', 'code = "nl"', "every number may write in these languages: fr"),
        ('code = "es"', 'code = "en"', "written down twice"),
        ('code = "es"', 'code = "Spanish"', r"language\.1\.code"),
        ('code = "es"', 'code = "es"\nmaybe = ["no"]', r"language\.1\.maybe"),
        ('code = "es"', "code = ", "line"),
        ("version = ", "vision = ", "version"),
    ],
)
def test_a_broken_list_stops_the_build(tmp_path: Path, text: str, instead: str, reason: str) -> None:
    """With the file, the place and the reason."""
    assert text in shipped()
    (tmp_path / "keywords.toml").write_text(shipped().replace(text, instead, 1), encoding="utf-8")
    with pytest.raises(ConfigurationError, match=rf"keywords\.toml: .*{reason}"):
        read_table(KeywordsFile, "keywords", tmp_path)


def test_the_shipped_lists_hold_every_language() -> None:
    """All six."""
    assert {one.code for one in read_table(KeywordsFile, "keywords").language} == LANGUAGES
