"""Which flows a backfill may start, over definitions as Klaviyo's documents write them."""

from typing import Any

import pytest
from commerce_sync.backfilling.flows import Changing, Flow, Segment, at_risk, refusal, unanswered

CHANGING = Changing(frozenset({"hubspot_lifecycle_stage", "country"}), frozenset({"Y6nRLr"}))


def condition(name: str, value: str = "lead") -> dict[str, Any]:
    """A segment's condition about a property."""
    wanted = {"type": "string", "operator": "equals", "value": value}
    return {"type": "profile-property", "property": f"properties['{name}']", "filter": wanted}


def segment(identifier: str, *conditions: dict[str, Any]) -> Segment:
    """A segment of one group."""
    return Segment(identifier, identifier.title(), {"condition_groups": [{"conditions": list(conditions)}]})


def flow(identifier: str, trigger: dict[str, Any] | None, kind: str = "Added to List") -> Flow:
    """A live flow."""
    return Flow(identifier, f"Flow {identifier}", "live", kind, [trigger] if trigger else [])


def found(flows: list[Flow], segments: list[Segment], changing: Changing = CHANGING) -> dict[str, str]:
    """Ids and reasons."""
    return {one.flow.id: one.because for one in at_risk(flows, segments, changing)}


def test_a_date_on_a_mapped_property_starts_a_flow() -> None:
    """However the trigger spells the property."""
    spelled = ["properties['hubspot_lifecycle_stage']", 'properties["hubspot_lifecycle_stage"]']
    flows = [flow(text, {"type": "date", "date_property": text}) for text in [*spelled, "hubspot_lifecycle_stage"]]
    assert list(found(flows, [])) == [*spelled, "hubspot_lifecycle_stage"]
    named = {"type": "date", "date_property": {"type": "profile-property", "name": "hubspot_lifecycle_stage"}}
    assert list(found([flow("F1", named, "Date Based")], [])) == ["F1"]


def test_a_segment_on_a_mapped_property_starts_a_flow() -> None:
    """Also by way of another segment, and a ring of segments ends."""
    stage = segment("stage", condition("hubspot_lifecycle_stage"))
    behind = segment("behind", {"type": "profile-group-membership", "group_ids": ["stage"], "is_member": True})
    ring = segment("ring", {"type": "profile-group-membership", "group_ids": ["ring"]})
    flows = [flow("F1", {"type": "segment", "id": "stage"}), flow("F2", {"type": "segment", "id": "behind"})]
    flows.append(flow("F3", {"type": "segment", "id": "ring"}))
    assert found(flows, [behind, stage, ring]) == {
        "F1": "segment Stage (names hubspot_lifecycle_stage)",
        "F2": "segment Behind (segment Stage (names hubspot_lifecycle_stage))",
    }


def test_a_list_that_is_filled_and_a_metric_start_a_flow() -> None:
    """By their ids."""
    bought = segment("bought", {"type": "profile-metric", "metric_id": "UaBcDe", "measurement": "count"})
    flows = [flow("F1", {"type": "list", "id": "Y6nRLr"}), flow("F2", {"type": "segment", "id": "bought"})]
    assert found(flows, [bought]) == {"F1": "names Y6nRLr"}
    assert list(found(flows, [bought], Changing(frozenset(), frozenset({"UaBcDe"})))) == ["F2"]


def test_where_somebody_is_depends_on_the_country() -> None:
    """A condition about a region names no property."""
    europe = segment("europe", {"type": "profile-region", "in_region": True, "region_id": "european_union"})
    assert list(found([flow("F1", {"type": "segment", "id": "europe"})], [europe])) == ["F1"]


@pytest.mark.parametrize(
    "name", ["hubspot_lifecycle_stages", "my_hubspot_lifecycle_stage", "hubspot_lifecycle", "birthday"]
)
def test_other_names_start_nothing(name: str) -> None:
    """A name is a whole word, and a value is no name."""
    other = segment("other", condition(name, value="country"))
    assert found([flow("F1", {"type": "segment", "id": "other"})], [other]) == {}


def test_a_trigger_that_is_not_shown_counts() -> None:
    """Nobody knows what it waits for."""
    assert found([flow("F1", None, kind="Something New")], []) == {"F1": "unknown trigger"}


def test_what_is_acknowledged_is_not_asked_again() -> None:
    """The refusal names the others, with what to do."""
    flows = [flow(name, {"type": "list", "id": "Y6nRLr"}) for name in ("F1", "F2")]
    left = unanswered(at_risk(flows, [], CHANGING), ["F1", "unknown"])
    assert [one.flow.id for one in left] == ["F2"]
    assert refusal(left).startswith("flows may start and write to people: F2 (Flow F2, live: names Y6nRLr). Set")
