"""Who is drawn from our own table, and from what the duplicate audit read: everybody may be, a few calls each time."""

from collections.abc import Iterator, Mapping, Sequence

import pytest
from commerce_sync.aws.audits import Audits
from commerce_sync.aws.clients import client
from commerce_sync.aws.identity_sample import MOST_ITEMS, IdentitySample
from commerce_sync.aws.identity_table import IdentityTable
from commerce_sync.composing.sample_drawing import EXPIRED, NO_ADDRESS, NO_AUDIT, NOBODY, Drawing
from commerce_sync.contracts.identity_book import Neighbourhood, Update
from commerce_sync.duplicates.entries import Entry

from local.in_process import InProcessBundle
from tests.fakes import bundle as b

PEOPLE = 450
"""More than twice what is read at one place."""


@pytest.fixture
def bundle() -> Iterator[InProcessBundle]:
    """Tables and the archive; no vendor is asked."""
    with b.ready_bundle() as ready:
        yield ready


def known(bundle: InProcessBundle, number: int) -> None:
    """People of our own table."""
    table = IdentityTable(bundle.names["IdentityTable"])
    people = [
        Neighbourhood(neighbourhood_id=f"{one * 2654435761 % 2**32:08x}", version=1, members={f"email#{one}@ours": "p"})
        for one in range(number)
    ]
    for start in range(0, number, 90):
        assert table.save(Update(tuple(people[start : start + 90]), {}, {}, frozenset()))


def audited(bundle: InProcessBundle, system: str, parts: Sequence[int]) -> None:
    """What an audit read of a vendor, part by part, and its figures."""
    audits, record = Audits(bundle.names["Archive"]), 0
    for part, size in enumerate(parts):
        entries = [
            Entry(str(record + one), has_email=True, created=None, last_seen="", opt_outs=None, marks=())
            for one in range(size)
        ]
        audits.keep_part("20261129T031700Z", system, f"{part:06d}", "\n".join(one.line() for one in entries) + "\n")
        record += size
    audits.keep_report({"run_id": "20261129T031700Z", "system": system}, [])


def drawing(bundle: InProcessBundle, asked: list[int] | None = None) -> Drawing:
    """Vendors whose records have the address that their id says."""

    def of(ids: Sequence[str]) -> Mapping[str, str]:
        if asked is not None:
            asked.append(len(ids))
        return {one: f"R{one}@Example.com" for one in ids}

    table, audits = IdentitySample(bundle.names["IdentityTable"]), Audits(bundle.names["Archive"])
    return Drawing(table, audits, {"hubspot": of, "klaviyo": of})


def test_nobody_of_our_table_is_out_of_reach(bundle: InProcessBundle) -> None:
    """Whatever the place that a page begins at, and however few are drawn a week."""
    known(bundle, PEOPLE)
    assert PEOPLE > 2 * MOST_ITEMS
    draws = [drawing(bundle).draw(60, str(seed)).people for seed in range(40)]
    assert {len(people) for people in draws} == {60}
    assert len({email for people in draws for email in people}) > PEOPLE * 0.95


def test_a_draw_reads_a_few_pages_and_no_more(bundle: InProcessBundle) -> None:
    """The table is never gone through: one place gives more people than a sample of a hundred needs."""
    known(bundle, PEOPLE)
    pages: list[int] = []
    dynamodb = client("dynamodb")
    dynamodb.meta.events.register("after-call.dynamodb.Scan", lambda parsed, **_: pages.append(parsed["ScannedCount"]))
    assert len(drawing(bundle).draw(100, "s").people) == 100
    assert sum(pages) <= 2 * MOST_ITEMS


def test_every_record_of_an_audit_may_be_drawn(bundle: InProcessBundle) -> None:
    """Also those of a small part; addresses are normalised, and the vendor is asked once a draw."""
    audited(bundle, "hubspot", [12, 2, 12])
    asked: list[int] = []
    seen: set[str] = set()
    for seed in range(20):
        drawn = drawing(bundle, asked).draw(10, str(seed))
        assert drawn.missing == {"ours": NOBODY, "klaviyo": NO_AUDIT}
        seen |= set(drawn.people)
    assert seen == {f"r{one}@example.com" for one in range(26)}
    assert (len(asked), max(asked)) == (20, 10)


def test_half_are_ours_and_the_same_seed_finds_the_same(bundle: InProcessBundle) -> None:
    """Another seed finds others."""
    known(bundle, PEOPLE)
    audited(bundle, "hubspot", [300])
    audited(bundle, "klaviyo", [300])
    first, again, other = (drawing(bundle).draw(40, seed).people for seed in ("a", "a", "b"))
    assert first == again != other
    assert list(first.values()).count("ours") == 20


def test_why_a_place_gave_nobody_is_said(bundle: InProcessBundle) -> None:
    """An audit that expired, records without an address."""
    audited(bundle, "hubspot", [])
    audited(bundle, "klaviyo", [5])
    places = IdentitySample(bundle.names["IdentityTable"]), Audits(bundle.names["Archive"])
    drawn = Drawing(*places, {"hubspot": lambda _: {}, "klaviyo": lambda _: {}}).draw(5, "s")
    assert drawn.people == {}
    assert drawn.missing == {"ours": NOBODY, "hubspot": EXPIRED, "klaviyo": NO_ADDRESS}
