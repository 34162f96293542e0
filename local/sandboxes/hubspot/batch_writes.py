"""How a batch is written: all or nothing, unless every input carries its own ``objectWriteTraceId``."""

from collections.abc import Callable, Sequence
from typing import Any

from local.sandboxes.hubspot.errors import HubSpotError
from local.sandboxes.hubspot.links import links_of
from local.sandboxes.hubspot.reading import properties_of
from local.sandboxes.hubspot.shown import completed, written
from local.sandboxes.hubspot.state import HubSpotState
from local.sandboxes.hubspot.writes import Write, apply, check_unique

TRACE = "objectWriteTraceId"
Input = dict[str, Any]
Checker = Callable[[Input], Write]


class BatchWriter:
    """Writes the inputs of one batch."""

    def __init__(self, state: HubSpotState) -> None:
        self._state = state

    def write(
        self, object_type: str, inputs: Sequence[Input], checker: Checker, success: int, *, say_new: bool = False
    ) -> tuple[Any, int]:
        """Write what may be written. Without trace ids all are checked first, and one refusal refuses all."""
        for entry in inputs:
            properties_of(entry)
        if not _may_be_partial(inputs):
            claimed: set[tuple[str, str]] = set()
            for entry in inputs:
                self._accept(object_type, entry, checker, claimed)
        results, errors = [], []
        for entry in inputs:
            try:
                write, links = self._accept(object_type, entry, checker, set())
            except HubSpotError as error:
                errors.append(error.item({TRACE: [entry[TRACE]]}))
            else:
                new = {"new": write.record is None} if say_new else {}
                results.append({**self._apply(object_type, write, links), **_trace(entry), **new})
        answer = completed(self._state, results)
        return ({**answer, "numErrors": len(errors), "errors": errors}, 207) if errors else (answer, success)

    def _accept(
        self, object_type: str, entry: Input, checker: Checker, claimed: set[tuple[str, str]]
    ) -> tuple[Write, list[tuple[str, str]]]:
        write = checker(entry)
        check_unique(self._state, write, claimed)
        return write, links_of(self._state, object_type, entry.get("associations") or [])

    def _apply(self, object_type: str, write: Write, links: Sequence[tuple[str, str]]) -> dict[str, Any]:
        record = apply(self._state, write)
        for to_type, to_id in links:
            self._state.associations.link((object_type, record.id, to_type, to_id))
        return written(self._state, object_type, record)


def _trace(entry: Input) -> dict[str, str]:
    return {TRACE: entry[TRACE]} if entry.get(TRACE) else {}


def _may_be_partial(inputs: Sequence[Input]) -> bool:
    """Whether every input carries a trace id of its own."""
    traces = [entry.get(TRACE) for entry in inputs]
    return all(isinstance(trace, str) and trace for trace in traces) and len(set(traces)) == len(traces)
