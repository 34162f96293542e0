"""Associations: the default one or typed ones, single or in batches, readable from both ends."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import request

from local.sandboxes.hubspot.associations import DEFAULT_TYPES, types_shown
from local.sandboxes.hubspot.errors import HubSpotError, invalid
from local.sandboxes.hubspot.gate import Route
from local.sandboxes.hubspot.links import demand_one_parent, demand_types, end_of, live_id
from local.sandboxes.hubspot.reading import after_id, batch_inputs, limit, text
from local.sandboxes.hubspot.shown import completed
from local.sandboxes.hubspot.state import HubSpotState

MOST_CREATED, MOST_READ, MOST_ARCHIVED, PAGE = 2000, 1000, 100, 500


def association_routes(state: HubSpotState) -> list[Route]:
    """The association endpoints."""
    api, batch = AssociationRoutes(state), "/crm/associations/{V}/<from_type>/<to_type>/batch"
    single = "/crm/objects/{V}/<from_type>/<from_id>/associations"
    return [
        ("PUT", f"{single}/default/<to_type>/<to_id>", api.put_default),
        ("PUT", f"{single}/<to_type>/<to_id>", api.put_typed),
        ("DELETE", f"{single}/<to_type>/<to_id>", api.delete),
        ("GET", f"{single}/<to_type>", api.list_tied),
        ("POST", f"{batch}/associate/default", api.batch_default),
        ("POST", f"{batch}/create", api.batch_typed),
        ("POST", f"{batch}/read", api.batch_read),
        ("POST", f"{batch}/archive", api.batch_archive),
    ]


class AssociationRoutes:
    """The association endpoints between any two types."""

    def __init__(self, state: HubSpotState) -> None:
        self._state = state

    def tie(self, from_type: str, from_id: str, to_type: str, to_id: str) -> None:
        """Tie two live records; repeating it changes nothing."""
        source, target = live_id(self._state, from_type, from_id), live_id(self._state, to_type, to_id)
        demand_one_parent(self._state, (from_type, source), (to_type, target))
        self._state.associations.link((from_type, source, to_type, target))

    def _types(self, from_type: str, to_type: str) -> tuple[str, str]:
        pair = (self._state.object_type(from_type), self._state.object_type(to_type))
        if pair not in DEFAULT_TYPES:
            raise invalid(f"No association type between {from_type} and {to_type}")
        return pair

    def put_default(self, from_type: str, from_id: str, to_type: str, to_id: str) -> tuple[Any, int]:
        """Tie two records without a label."""
        pair = self._types(from_type, to_type)
        self.tie(pair[0], from_id, pair[1], to_id)
        return completed(self._state, self._results(pair, from_id, to_id)), 200

    def put_typed(self, from_type: str, from_id: str, to_type: str, to_id: str) -> tuple[Any, int]:
        """Tie two records by a type id, which must be one of this direction's."""
        pair = self._types(from_type, to_type)
        demand_types(pair, request.get_json(silent=True))
        self.tie(pair[0], from_id, pair[1], to_id)
        numbers = {"fromObjectTypeId": pair[0], "fromObjectId": from_id, "toObjectTypeId": pair[1], "toObjectId": to_id}
        return {**numbers, "labels": []}, 201

    def delete(self, from_type: str, from_id: str, to_type: str, to_id: str) -> tuple[Any, int]:
        """Untie two records."""
        pair = self._types(from_type, to_type)
        self._state.associations.unlink((pair[0], from_id, pair[1], to_id))
        return None, 204

    def list_tied(self, from_type: str, from_id: str, to_type: str) -> tuple[Any, int]:
        """A page of what is tied to one record."""
        pair = self._types(from_type, to_type)
        limit(request.args.get("limit"), PAGE, PAGE)
        return {"results": self._tied(pair, live_id(self._state, pair[0], from_id))}, 200

    def _tied(self, pair: tuple[str, str], from_id: str) -> list[dict[str, Any]]:
        return [
            {"toObjectId": to_id, "associationTypes": list(types_shown(*pair))}
            for to_id in self._state.associations.of(pair[0], from_id, pair[1])
        ]

    def _results(self, pair: tuple[str, str], from_id: str, to_id: str) -> list[dict[str, Any]]:
        """What the default endpoint answers for one tie: both directions."""
        ends = ((pair, from_id, to_id), ((pair[1], pair[0]), to_id, from_id))
        return [
            {
                "from": {"id": start},
                "to": {"id": end},
                "associationSpec": {"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": DEFAULT_TYPES[way]},
            }
            for way, start, end in ends
        ]

    def batch_default(self, from_type: str, to_type: str) -> tuple[Any, int]:
        """Tie many; unknown records are named in a 207 and the others are tied."""
        return self._batch(self._types(from_type, to_type), batch_inputs(MOST_CREATED), 200)

    def batch_typed(self, from_type: str, to_type: str) -> tuple[Any, int]:
        """Tie many by type ids."""
        pair, inputs = self._types(from_type, to_type), batch_inputs(MOST_CREATED)
        for entry in inputs:
            demand_types(pair, entry.get("types"))
        return self._batch(pair, inputs, 201)

    def _batch(self, pair: tuple[str, str], inputs: Sequence[Mapping[str, Any]], success: int) -> tuple[Any, int]:
        results: list[dict[str, Any]] = []
        errors: list[dict[str, Any]] = []
        for from_id, to_id in [(end_of(entry, "from"), end_of(entry, "to")) for entry in inputs]:
            try:
                self.tie(pair[0], from_id, pair[1], to_id)
                results += self._results(pair, from_id, to_id)
            except HubSpotError as error:
                errors.append(error.item({"fromObjectId": [from_id], "toObjectId": [to_id]}))
        answer = completed(self._state, results)
        return ({**answer, "numErrors": len(errors), "errors": errors}, 207) if errors else (answer, success)

    def batch_read(self, from_type: str, to_type: str) -> tuple[Any, int]:
        """A page of what is tied to each of up to 1,000 records; those without ties are absent."""
        pair = self._types(from_type, to_type)
        inputs = batch_inputs(MOST_READ)
        size = self._state.settings.tied_page
        results = []
        for from_id, start in [(text(entry, "id"), after_id(entry.get("after"))) for entry in inputs]:
            tied = self._tied(pair, from_id)
            more = {"paging": {"next": {"after": str(start + size)}}} if len(tied) > start + size else {}
            if tied[start:]:
                results.append({"from": {"id": from_id}, "to": tied[start : start + size], **more})
        return completed(self._state, results), 200

    def batch_archive(self, from_type: str, to_type: str) -> tuple[Any, int]:
        """Untie many; here ``to`` is a list."""
        pair = self._types(from_type, to_type)
        for entry in batch_inputs(MOST_ARCHIVED):
            targets = entry.get("to")
            if not isinstance(targets, list):
                raise invalid("Invalid input JSON: 'to' must be a list")
            for target in targets:
                self._state.associations.unlink((pair[0], end_of(entry, "from"), pair[1], text(target, "id")))
        return None, 204
