"""Hashes of the ledger: one form for one content, and no two contents in one form."""

import json
from hashlib import sha256

import pytest
from commerce_sync.consent.chain import canonical, entry_hash, joined, merkle_root, record_id_of
from commerce_sync.contracts.consent_ledger import Leaf
from hypothesis import given
from hypothesis import strategies as st

TEXTS = st.text(st.characters(exclude_categories=["Cs"]))
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=20,
)
LEAVES = [Leaf(f"1#{number}", number, f"{number:064x}") for number in range(1, 12)]


def test_the_canonical_form_is_the_one_of_rfc_8785() -> None:
    """The RFC's own example of sorting, its control characters, and no space."""
    unsorted = {
        "\u20ac": "Euro Sign",
        "\r": "Carriage Return",
        "\ufb33": "Hebrew Letter Dalet With Dagesh",
        "1": "One",
        "\U0001f600": "Emoji: Grinning Face",
        "\u0080": "Control",
        "\u00f6": "Latin Small Letter O With Diaeresis",
    }

    assert list(json.loads(canonical(unsorted))) == ["\r", "1", "\u0080", "\u00f6", "\u20ac", "\U0001f600", "\ufb33"]
    assert canonical({"b": '\u20ac$\u000f\nA\'B"\\\\"/', "a": [None, True, 1]}) == (
        b'{"a":[null,true,1],"b":"\xe2\x82\xac$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}'
    )


@given(VALUES)
def test_the_canonical_form_says_the_same_and_is_its_own(value: object) -> None:
    """Read back it is the value; written again, the same bytes."""
    text = canonical(value)

    assert json.loads(text) == value
    assert canonical(json.loads(text)) == text


@given(VALUES)
def test_the_short_way_to_the_canonical_form_ends_where_the_long_one_does(value: object) -> None:
    """What is built of plain parts is written at once; beside a null, part by part."""
    assert canonical([value, None]) == b"[" + canonical(value) + b",null]"


@pytest.mark.parametrize("value", [1.5, {"a": 2**53 + 1}, {"a": 1.5}, 2**53 + 1, {"a": {1, 2}}, b"bytes", "\ud800"])
def test_what_has_no_canonical_form_is_refused(value: object) -> None:
    """Rather than hashed in a form that others would not find."""
    with pytest.raises(ValueError, match=r"canonical|surrogates"):
        canonical(value)


@given(st.lists(TEXTS, min_size=4, max_size=6), st.lists(TEXTS, min_size=4, max_size=6))
def test_two_origins_are_one_record_only_where_all_parts_are_the_same(one: list[str], other: list[str]) -> None:
    """Parts cannot run together."""
    assert (record_id_of(*one) == record_id_of(*other)) == (one == other)


def test_parts_do_not_run_together() -> None:
    """The two that a plain join would confuse."""
    assert record_id_of("main", "shopify", "us1", "2") != record_id_of("main", "shopify", "us", "12")
    assert joined([b"a", b""]) != joined([b"", b"a"])


@given(st.lists(TEXTS, min_size=1, max_size=3), st.sampled_from(["", "a" * 64, "b" * 64]))
def test_an_entrys_hash_depends_on_all_of_it_and_on_the_one_before(texts: list[str], previous: str) -> None:
    """Any field, another field more, another hash before."""
    entry = {f"field{number}": text for number, text in enumerate(texts)}
    hashed = entry_hash(previous, entry)

    assert len(hashed) == 64
    assert entry_hash(previous, dict(reversed(entry.items()))) == hashed
    others = [entry_hash(previous, {**entry, name: text + "x"}) for name, text in entry.items()]
    assert hashed not in {*others, entry_hash(previous, {**entry, "more": 1}), entry_hash(previous + "0", entry)}


def test_the_root_is_built_as_rfc_6962_builds_it() -> None:
    """By its recursive definition: the largest power of two to the left."""

    def slow(hashes: list[bytes]) -> bytes:
        if len(hashes) == 1:
            return hashes[0]
        split = 1
        while split * 2 < len(hashes):
            split *= 2
        return sha256(b"\1" + slow(hashes[:split]) + slow(hashes[split:])).digest()

    for size in range(1, len(LEAVES) + 1):
        hashes = [sha256(b"\0" + canonical(list(leaf))).digest() for leaf in LEAVES[:size]]
        assert merkle_root(LEAVES[:size]) == slow(hashes).hex(), size
    assert merkle_root([]) == sha256(b"").hexdigest()
    assert merkle_root(LEAVES) != merkle_root([*LEAVES[1:], LEAVES[0]])
