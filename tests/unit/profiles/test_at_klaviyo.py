"""What goes over the wire to Klaviyo: a null only to clear, a phone only where there is none, the fewest jobs."""

import json
from math import ceil
from typing import Any

import pytest
from commerce_sync.contracts.fields import FieldValues
from commerce_sync.contracts.told import Begun
from commerce_sync.errors import PermanentError
from commerce_sync.profiles.at_klaviyo import KlaviyoPlace
from commerce_sync.vendors.http import Answer
from commerce_sync.vendors.klaviyo import KlaviyoProfiles
from commerce_sync.vendors.klaviyo.imports import MOST_BYTES, MOST_PROFILES, KlaviyoImports
from hypothesis import given
from hypothesis import strategies as st

from tests.fakes.telling import BookInMemory, JobsInMemory
from tests.fakes.told_world import LINES, ToldWorld

ANA, BO = "ana@example.com", "bo@example.com"
PHONE, OTHER = "+12025550131", "+12025550132"
TEXTS = st.none() | st.text(min_size=1, max_size=5)
VALUES = st.fixed_dictionaries(
    {}, optional={"$first_name": TEXTS, "$country": TEXTS, "stage": TEXTS, "score": st.sampled_from([None, "1", "2.5"])}
)


class Wire:
    """Takes every body as bytes, and knows nobody."""

    def __init__(self) -> None:
        self.bodies: dict[str, list[Any]] = {}

    def call(self, method: str, path: str, body: Any = None, _params: Any = None) -> Answer:
        """Remember what was sent."""
        self.bodies.setdefault(path, []).append(json.loads(json.dumps(body)))
        return Answer(200, {"data": [] if method == "GET" else {"id": "01ID", "type": "profile"}})


def nulls(body: Any) -> set[str]:
    """The names of all members that are null."""
    if isinstance(body, list):
        return {name for item in body for name in nulls(item)}
    if not isinstance(body, dict):
        return set()
    return {name for name, value in body.items() if value is None} | {n for v in body.values() for n in nulls(v)}


@given(st.lists(VALUES, min_size=1, max_size=6), st.sampled_from([1, 3, 100]))
def test_a_null_is_sent_where_the_wanted_value_is_none_and_nowhere_else(
    facts: list[dict[str, str | None]], bulk_from: int
) -> None:
    """Over the bytes of every request; an import has none, and a field that is not wanted is in none."""
    wire = Wire()
    wanted: dict[str, FieldValues] = {f"p{at}@example.com": one for at, one in enumerate(facts) if one}
    place = KlaviyoPlace(
        KlaviyoProfiles(wire),  # type: ignore[arg-type] # a fake
        KlaviyoImports(wire),  # type: ignore[arg-type] # a fake
        JobsInMemory(BookInMemory()),
        LINES,
        bulk_from,
        lambda _id, _email: None,
        lambda: True,
    )
    for group in place.groups(wanted, frozenset()):
        group.write({email: Begun(email, 1, wanted[email]) for email in group.emails})
    singles = [body["data"] for body in wire.bodies.get("/api/profile-import", [])]
    jobs = wire.bodies.get("/api/profile-bulk-import-jobs", [])
    rows = [row for job in jobs for row in job["data"]["attributes"]["profiles"]["data"]]
    assert nulls(jobs) == set()
    sent = {row["attributes"]["email"]: row for row in [*singles, *rows]}
    assert len(sent) == len(singles) + len(rows) == len(wanted)
    for email, values in wanted.items():
        assert nulls(sent[email]) == {name.removeprefix("$") for name, value in values.items() if value is None}
        own = {**sent[email]["attributes"]}
        flat = {**own, **own.get("location", {}), **own.get("properties", {})}
        assert flat.keys() - {"email", "location", "properties"} == {name.removeprefix("$") for name in values}


def test_a_phone_number_fills_an_empty_one_and_nothing_else() -> None:
    """Somebody's other number would lose its consent: ours becomes a property, and the number stays."""
    world = ToldWorld({ANA: {"$hubspot_phone": PHONE}, BO: {"$hubspot_phone": PHONE}})
    world.klaviyo.profiles = {BO: {"phone_number": OTHER}}
    world.deliver()
    assert world.klaviyo.profiles == {ANA: {"phone_number": PHONE}, BO: {"phone_number": OTHER, "hubspot_phone": PHONE}}
    assert world.klaviyo.asked_phones == [2]
    world.facts[ANA] = {"$hubspot_phone": PHONE, "stage": "lead"}
    world.deliver()
    assert world.klaviyo.asked_phones == [2], "a phone that is no news is not asked for"
    world.facts[ANA] = {"$hubspot_phone": None}
    world.deliver()
    assert world.klaviyo.profiles[ANA]["phone_number"] == PHONE, "it is never cleared"


def test_a_number_that_klaviyo_has_already_causes_no_write() -> None:
    """It is confirmed all the same."""
    world = ToldWorld({ANA: {"$hubspot_phone": PHONE}})
    world.klaviyo.profiles = {ANA: {"phone_number": PHONE}}
    world.deliver()
    world.deliver()
    assert world.klaviyo.writes == {}
    assert world.klaviyo.asked_phones == [1]


def test_an_import_overwrites_no_number_that_somebody_typed_since_it_was_looked() -> None:
    """That would end the consent to it. Who has a profile is told of a number alone, right after a look."""
    world = ToldWorld(
        {f"p{at}@example.com": {"stage": "lead", "$hubspot_phone": f"+120255502{at}"} for at in range(30)}
    )
    world.facts[ANA] = {"$hubspot_phone": PHONE, "stage": "lead"}
    world.klaviyo.profiles = {ANA: {}}
    counted = world.klaviyo.step

    def typed(step: str) -> None:
        if step == "import":
            world.klaviyo.profiles[ANA]["phone_number"] = OTHER
        counted(step)

    world.klaviyo.step = typed
    world.deliver()
    world.come_due()
    assert world.klaviyo.profiles[ANA] == {"phone_number": OTHER, "hubspot_phone": PHONE, "stage": "lead"}
    assert world.klaviyo.profiles["p7@example.com"] == {"phone_number": "+1202555027", "stage": "lead"}
    assert (world.mortality.steps["import"], world.mortality.steps["upsert"]) == (1, 1)


@pytest.mark.parametrize("number", [1, 30])
def test_a_number_of_somebody_elses_becomes_a_property(number: int) -> None:
    """409, or a row of an import that says so: written again without it, and nobody has to mend anything."""
    world = ToldWorld({f"p{at}@example.com": {"stage": "lead", "score": str(at)} for at in range(number)})
    world.facts[ANA] = {"$hubspot_phone": PHONE, "stage": "lead"}
    world.klaviyo.taken_phones = {PHONE}
    world.deliver()
    world.come_due()
    assert world.klaviyo.profiles[ANA] == {"hubspot_phone": PHONE, "stage": "lead"}
    assert world.book.parked() == {}
    assert (world.mortality.steps["import"], world.mortality.steps["phones"]) == ((0, 1) if number == 1 else (1, 2))


@given(sizes=st.lists(st.integers(0, 95_000), max_size=300))
def test_rows_go_in_the_fewest_imports(sizes: list[int]) -> None:
    """Each within the limits; no two that would have fitted into one, and all but one nearly full."""
    imports = KlaviyoImports(Wire())  # type: ignore[arg-type] # a fake
    rows = {f"p{at}@x.co": imports.row(f"p{at}@x.co", {}, {"a": "x" * size}) for at, size in enumerate(sizes)}
    batches = imports.batches(rows)
    lengths = [len(json.dumps([rows[email] for email in batch])) for batch in batches]
    assert sorted(email for batch in batches for email in batch) == sorted(rows)
    assert all(length + 150 < MOST_BYTES for length in lengths)
    assert len(batches) <= ceil(sum(lengths) / (MOST_BYTES - 100_000))


def test_an_import_holds_ten_thousand() -> None:
    """And not one more."""
    imports = KlaviyoImports(Wire())  # type: ignore[arg-type] # a fake
    rows = {f"p{at}@x.co": imports.row(f"p{at}@x.co", {}, {}) for at in range(2 * MOST_PROFILES + 1)}
    assert [len(batch) for batch in imports.batches(rows)] == [MOST_PROFILES, MOST_PROFILES, 1]


def test_a_profile_that_is_too_large_is_parked_and_the_others_are_imported() -> None:
    """Klaviyo would refuse all of them."""
    facts: dict[str, FieldValues] = {f"p{at}@example.com": {"stage": "lead"} for at in range(25)}
    world = ToldWorld({**facts, ANA: {"stage": "x" * 100_001}})
    with pytest.raises(PermanentError):
        world.klaviyo.row(ANA, {}, {"stage": "x" * 100_001})
    world.deliver()
    world.come_due()
    assert len(world.klaviyo.profiles) == 25
    assert world.book.parked() == {"klaviyo takes no profile of more than 100 KB": 1}
