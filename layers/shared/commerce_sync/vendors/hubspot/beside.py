"""The deals and tickets of contacts, and whether they are open: by their stages, which an account defines itself."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, Final

from commerce_sync.contracts.crm import Ticket
from commerce_sync.vendors.hubspot.client import MOST_INPUTS, HubSpot, read_results
from commerce_sync.vendors.hubspot.paging import next_page
from commerce_sync.vendors.remembering import Remembered

MINUTES: Final = 600.0
MOST_FROM: Final = 1000
STAGES: Final[Mapping[str, tuple[str, str]]] = {
    "deals": ("pipeline", "dealstage"),
    "tickets": ("hs_pipeline", "hs_pipeline_stage"),
}
CATEGORY: Final = "hs_ticket_category"
Stages = Mapping[tuple[str, str], bool]
"""By pipeline and stage, whether what stands there is open."""


class HubSpotBeside:
    """Reads a hundred records a call, and what is tied to a thousand contacts a call. Stages are kept for minutes."""

    def __init__(self, hubspot: HubSpot, seconds: float = MINUTES) -> None:
        self._hubspot = hubspot
        self._stages = {kind: Remembered(partial(self._read_stages, kind), seconds) for kind in STAGES}

    def open_deals(self, contact_ids: Sequence[str]) -> Mapping[str, int]:
        """How many open deals each contact has. One with a deal at a stage that nobody knows is absent.

        :raises NotAllowedError: deals may not be read.
        """
        found = self._of("deals", contact_ids)
        return {one: sum(is_open for is_open, _ in deals if is_open) for one, deals in found.items()}

    def tickets(self, contact_ids: Sequence[str]) -> Mapping[str, Sequence[Ticket]]:
        """The tickets of each contact. One with a ticket at a stage that nobody knows is absent.

        :raises NotAllowedError: tickets may not be read.
        """
        found = self._of("tickets", contact_ids)
        return {one: [Ticket(is_open, category) for is_open, category in held] for one, held in found.items()}

    def _of(self, kind: str, contact_ids: Sequence[str]) -> dict[str, list[tuple[bool, str]]]:
        """By contact, whether each record is open, and its category. A record that is gone counts for nobody."""
        tied = self._tied(kind, contact_ids)
        records = self._records(kind, sorted({one for several in tied.values() for one in several}))
        stages = self._stages[kind].value() if records else {}
        if any(stage not in stages for stage, _ in records.values()):
            stages = self._stages[kind].renewed()
        held = {one: [records[record] for record in several if record in records] for one, several in tied.items()}
        return {
            contact_id: [(stages[stage], category) for stage, category in theirs]
            for contact_id, theirs in held.items()
            if all(stage in stages for stage, _ in theirs)
        }

    def _tied(self, kind: str, contact_ids: Sequence[str]) -> dict[str, list[str]]:
        """The ids of a kind that are tied to each contact; who has none is there with none."""
        tied: dict[str, list[str]] = {one: [] for one in contact_ids}
        left: list[dict[str, str]] = [{"id": one} for one in tied]
        while left:
            asked, left = left[:MOST_FROM], left[MOST_FROM:]
            path = f"/crm/associations/{{V}}/contacts/{kind}/batch/read"
            for result in read_results(self._hubspot.call("POST", path, {"inputs": asked})):
                if (from_id := str(result["from"]["id"])) not in tied:
                    continue
                tied[from_id] += [str(end["toObjectId"]) for end in result["to"]]
                if (after := next_page(result)) and result["to"]:
                    left.append({"id": from_id, "after": after})
        return tied

    def _records(self, kind: str, ids: Sequence[str]) -> dict[str, tuple[tuple[str, str], str]]:
        """By id, the pipeline and the stage of a record, and its category."""
        pipeline, stage = STAGES[kind]
        names = [pipeline, stage, *([CATEGORY] if kind == "tickets" else [])]
        found: dict[str, tuple[tuple[str, str], str]] = {}
        for start in range(0, len(ids), MOST_INPUTS):
            body = {
                "inputs": [{"id": one} for one in ids[start : start + MOST_INPUTS]],
                "properties": names,
                "propertiesWithHistory": [],
            }
            answer = self._hubspot.call("POST", f"/crm/objects/{{V}}/{kind}/batch/read", body, {"archived": "false"})
            for record in read_results(answer):
                held = record["properties"]
                place = (str(held.get(pipeline) or ""), str(held.get(stage) or ""))
                found[str(record["id"])] = place, str(held.get(CATEGORY) or "")
        return found

    def _read_stages(self, kind: str) -> Stages:
        body = self._hubspot.call("GET", f"/crm/pipelines/{{V}}/{kind}").json or {}
        return {
            (str(pipeline["id"]), str(stage["id"])): _is_open(stage.get("metadata") or {})
            for pipeline in body.get("results", [])
            for stage in pipeline.get("stages", [])
        }


def _is_open(metadata: Mapping[str, Any]) -> bool:
    """A ticket's stage says its state, a deal's that it is closed, or a probability that is certain either way."""
    if state := metadata.get("ticketState"):
        return str(state).upper() != "CLOSED"
    if closed := metadata.get("isClosed"):
        return str(closed).lower() != "true"
    return str(metadata.get("probability")) not in {"0", "0.0", "1", "1.0"}
