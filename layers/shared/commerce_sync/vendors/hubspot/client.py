"""How a call to HubSpot is dressed, and how its batch answers are read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from commerce_sync.contracts.budgets import Budget
from commerce_sync.errors import PausedError, PermanentError, RefusedByVendorError, RetriableError
from commerce_sync.vendors.http import CREDENTIALS_WAIT, NOT_SET_UP, OURS, Answer, VendorHttp

MOST_INPUTS = 100
TRACE = "objectWriteTraceId"
TRANSIENT = frozenset({"RATE_LIMITS", "INTERNAL_ERROR", "SERVICE_UNAVAILABLE"})
"""Categories of an item's error that pass."""


@dataclass(frozen=True, slots=True)
class BatchAnswer:
    """What a batch write did, by trace id: the records it wrote, and why it refused the others."""

    records: Mapping[str, Mapping[str, Any]]
    errors: Mapping[str, PermanentError | RetriableError]


class HubSpot:
    """Calls with one dated version in every path. ``{V}`` in a path is that version."""

    def __init__(self, base_url: str, token: str, version: str, timeout: float, budget: Budget | None = None) -> None:
        self._version = version
        self._http = VendorHttp("hubspot", base_url, {"Authorization": f"Bearer {token}"}, timeout, budget)

    def call(self, method: str, path: str, body: Any = None, params: Mapping[str, str] | None = None) -> Answer:
        """One call; errors as :meth:`VendorHttp.call` names them."""
        return self._http.call(method, path.replace("{V}", self._version), body, params)

    def write_batch(self, path: str, inputs: Sequence[Mapping[str, Any]]) -> BatchAnswer:
        """Write up to 100 inputs, each carrying its own trace id, and read the verdict on each.

        Where the whole batch is refused without a name, it is halved until the culprits stand alone.
        """
        try:
            answer = self.call("POST", path, {"inputs": list(inputs)})
        except RefusedByVendorError as refusal:
            if len(inputs) == 1:
                return BatchAnswer({}, {inputs[0][TRACE]: refusal})
            middle = len(inputs) // 2
            first, second = self.write_batch(path, inputs[:middle]), self.write_batch(path, inputs[middle:])
            return BatchAnswer({**first.records, **second.records}, {**first.errors, **second.errors})
        return read_batch(answer.json or {}, [entry[TRACE] for entry in inputs])


def read_batch(body: Mapping[str, Any], traces: Sequence[str]) -> BatchAnswer:
    """Match results and errors to inputs by trace id, never by position. What is named nowhere is tried again."""
    records = {result[TRACE]: result for result in body.get("results", []) if TRACE in result}
    errors: dict[str, PermanentError | RetriableError] = {
        trace: _item_error(problem)
        for problem in body.get("errors", [])
        for trace in (problem.get("context") or {}).get(TRACE, [])
    }
    unnamed = RetriableError("hubspot did not say what became of an input")
    missing = {trace: unnamed for trace in traces if trace not in records and trace not in errors}
    return BatchAnswer(records, errors | missing)


def read_results(answer: Answer) -> list[Mapping[str, Any]]:
    """The results of a batch read; what is not there is gone, or there is nothing of it.

    :raises RetriableError: the answer does not say, or HubSpot could not read one of them now: nothing is gone then.
    """
    body = answer.json
    if not isinstance(body, dict) or not isinstance(body.get("results"), list):
        raise RetriableError("hubspot answered without results")
    if any(problem.get("category") in TRANSIENT for problem in body.get("errors") or []):
        raise RetriableError("hubspot could not read everything")
    return list(body["results"])


def _item_error(problem: Mapping[str, Any]) -> PermanentError | RetriableError:
    category = str(problem.get("category") or "unknown")
    if category in TRANSIENT:
        return RetriableError(f"hubspot item {category}")
    inner = problem.get("errors") or []
    fields = {name for entry in inner for name in (entry.get("context") or {}).get("propertyName", [])}
    code = next((entry["code"] for entry in inner if entry.get("code")), category)
    if code in NOT_SET_UP and any(map(OURS.match, fields)):
        return PausedError(f"hubspot 207 {code}: is it set up?", retry_after=CREDENTIALS_WAIT)
    return RefusedByVendorError("hubspot", 207, code, fields=tuple(sorted(fields)))
