"""HubSpot's pipelines: the internal ids of the stages that revenue.toml names by id or by label."""

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from commerce_sync.contracts.revenue import OrderStage, Pipeline, RevenueObject
from commerce_sync.errors import NotAllowedError, PausedError, RefusedByVendorError
from commerce_sync.vendors.hubspot.client import HubSpot
from commerce_sync.vendors.remembering import Remembered

WAIT = 300.0
KEPT_FOR = 900.0
"""Seconds for which it is kept what an account has, by a worker that may live for hours."""
Places = Mapping[OrderStage, tuple[str, str]]
NAMES: Mapping[RevenueObject, tuple[str, str, str]] = {
    "order": ("orders", "hs_pipeline", "hs_pipeline_stage"),
    "deal": ("deals", "pipeline", "dealstage"),
}


class NoStageError(PausedError):
    """A deal's stage is not there, and there is no deal without one. Deals of other stages can be written."""


class HubSpotPipelines:
    """Reads each kind's pipelines when it is first written, and again after ``seconds``."""

    def __init__(self, hubspot: HubSpot, wanted: Mapping[RevenueObject, Pipeline], seconds: float = KEPT_FOR) -> None:
        self._hubspot = hubspot
        self._wanted = wanted
        self._places = {kind: Remembered(partial(self._read, kind), seconds) for kind in wanted}

    def place(self, kind: RevenueObject, stage: OrderStage) -> Mapping[str, str]:
        """The pipeline and the stage as properties.

        An order stands in no stage where the account has none of that name: it may be without one.

        :raises NoStageError: a deal's is not there.
        """
        _, pipeline_name, stage_name = NAMES[kind]
        found = self._places_of(kind).get(stage)
        if found:
            return {pipeline_name: found[0], stage_name: found[1]}
        if kind == "deal":
            wanted = self._wanted[kind]
            raise NoStageError(
                f"HubSpot has no stage {wanted.stages[stage]} in the pipeline {wanted.pipeline}: see revenue.toml",
                retry_after=WAIT,
            )
        return {}

    def missing(self, kind: RevenueObject) -> list[str]:
        """The stages that revenue.toml names and the account has not."""
        wanted = self._wanted[kind]
        lacking = dict.fromkeys(name for stage, name in wanted.stages.items() if stage not in self._places_of(kind))
        return [f"{NAMES[kind][0]} have no stage {name} in a pipeline {wanted.pipeline}" for name in lacking]

    def _places_of(self, kind: RevenueObject) -> Places:
        return self._places[kind].value()

    def _read(self, kind: RevenueObject) -> Places:
        """The ids of a kind's pipeline and stages."""
        return dict(_places(self._listed(NAMES[kind][0]), self._wanted[kind]))

    def _listed(self, object_type: str) -> Sequence[Mapping[str, Any]]:
        """The account's pipelines: none where it does not show them."""
        try:
            answer = self._hubspot.call("GET", f"/crm/pipelines/{{V}}/{object_type}").json
        except (RefusedByVendorError, NotAllowedError):
            return []
        listed: Sequence[Mapping[str, Any]] = (answer or {}).get("results", [])
        return listed


def _places(listed: Sequence[Mapping[str, Any]], wanted: Pipeline) -> Iterator[tuple[OrderStage, tuple[str, str]]]:
    pipeline = _named(listed, wanted.pipeline)
    for stage, name in wanted.stages.items() if pipeline else ():
        if pipeline and (found := _named(pipeline.get("stages", []), name)):
            yield stage, (str(pipeline["id"]), str(found["id"]))


def _named(listed: Sequence[Mapping[str, Any]], name: str) -> Mapping[str, Any] | None:
    """By internal id, else by label."""
    living = [one for one in listed if not one.get("archived")]
    by_id = next((one for one in living if one.get("id") == name), None)
    return by_id or next((one for one in living if one.get("label") == name), None)
