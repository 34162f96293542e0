"""HubSpot line items of orders and deals, by a key of our own. Only what changed is written.

A line that is gone from its order is archived; lines without our key, or of another order, are never touched.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any, Final, TypeVar

from commerce_sync.contracts.revenue import PricedLine
from commerce_sync.errors import NotAllowedError, PermanentError, RefusedByVendorError, RetriableError
from commerce_sync.vendors.hubspot.client import MOST_INPUTS, TRACE, HubSpot, read_results
from commerce_sync.vendors.hubspot.revenue_properties import LINE_KEY, line_properties

ITEMS: Final = "/crm/objects/{V}/line_items/batch"
MOST_READ: Final = 1000
MOST_TIED: Final = 2000
NUMBERS: Final = frozenset({"quantity", "price", "discount"})
READ: Final = [LINE_KEY, "name", "hs_sku", "quantity", "price", "discount", "hs_line_item_currency_code"]
Errors = dict[str, PermanentError | RetriableError | None]
Thing = TypeVar("Thing")


@dataclass(frozen=True, slots=True)
class Owner:
    """An order or a deal that was written just now. A new one has no lines yet. ``currency`` may be unknown there."""

    record_id: str
    lines: Sequence[PricedLine]
    currency: str
    is_new: bool


@dataclass(frozen=True, slots=True)
class _Shown:
    """A line item as HubSpot has it."""

    record_id: str
    properties: Mapping[str, Any]


class HubSpotLineItems:
    """Writes the lines of many orders with the fewest calls that the limits allow."""

    def __init__(self, hubspot: HubSpot) -> None:
        self._hubspot = hubspot

    def show(self, object_type: str, owners: Mapping[str, Owner]) -> Errors:
        """Make HubSpot's lines those of the orders, by order key; errors by order key, and nothing where all went well.

        A repeat after any failure finishes what was begun: keys are unique, ties are made anew.

        Where the account does not let us, each order is parked with the scope that is missing, and shown all the same.

        :raises RetriableError: nobody's lines are sure; the orders themselves are written.
        """
        try:
            return self._make_so(object_type, owners)
        except RefusedByVendorError as error:
            return dict.fromkeys(owners, error)
        except NotAllowedError as error:
            missing = ", ".join(error.scopes) or "a scope"
            return dict.fromkeys(owners, PermanentError(f"hubspot does not let us write line items: {missing}"))

    def _make_so(self, object_type: str, owners: Mapping[str, Owner]) -> Errors:
        shown = self._shown(object_type, owners)
        wanted = {
            line.key: (key, line_properties(line, owner.currency))
            for key, owner in owners.items()
            for line in owner.lines
        }
        changed = {
            line_key: properties
            for line_key, (_, properties) in wanted.items()
            if line_key not in shown or not _is_same(properties, shown[line_key].properties)
        }
        written, failed = self._write(changed)
        ties = {line_key: record_id for line_key, record_id in written.items() if line_key not in shown}
        self._archive([one.record_id for line_key, one in shown.items() if line_key not in wanted])
        untied = self._tie(object_type, [(owners[wanted[one][0]].record_id, ties[one]) for one in ties])
        refusals = [(wanted[line_key][0], error) for line_key, error in failed.items()]
        return worst([*refusals, *((wanted[one][0], untied) for one in ties if untied)])

    def _shown(self, object_type: str, owners: Mapping[str, Owner]) -> Mapping[str, _Shown]:
        """Our own lines of the owners, by line key."""
        keys = {owner.record_id: key for key, owner in owners.items() if not owner.is_new}
        owner_of = {line: record for record, line in self._tied(object_type, list(keys))}
        shown: dict[str, _Shown] = {}
        for batch in _batches(list(owner_of), MOST_INPUTS):
            body = {"inputs": [{"id": one} for one in batch], "properties": READ, "propertiesWithHistory": []}
            for record in read_results(self._hubspot.call("POST", f"{ITEMS}/read", body)):
                line_key = record["properties"].get(LINE_KEY) or ""
                owner = owner_of.get(str(record["id"]), "")
                if owner and line_key.startswith(f"{keys[owner]}:"):
                    shown[line_key] = _Shown(str(record["id"]), record["properties"])
        return shown

    def _tied(self, object_type: str, record_ids: Sequence[str]) -> Iterator[tuple[str, str]]:
        """The owners and their line items, page by page."""
        inputs = [{"id": one} for one in record_ids]
        while inputs:
            now, inputs = inputs[:MOST_READ], inputs[MOST_READ:]
            path = f"/crm/associations/{{V}}/{object_type}/line_items/batch/read"
            for result in read_results(self._hubspot.call("POST", path, {"inputs": now})):
                owner = str(result["from"]["id"])
                yield from ((owner, str(one["toObjectId"])) for one in result["to"])
                after = ((result.get("paging") or {}).get("next") or {}).get("after")
                if after:
                    inputs.append({"id": owner, "after": after})

    def _write(
        self, lines: Mapping[str, Mapping[str, str]]
    ) -> tuple[Mapping[str, str], Mapping[str, PermanentError | RetriableError]]:
        written: dict[str, str] = {}
        failed: dict[str, PermanentError | RetriableError] = {}
        for batch in _batches(list(lines), MOST_INPUTS):
            inputs = [{"idProperty": LINE_KEY, "id": key, TRACE: key, "properties": lines[key]} for key in batch]
            answer = self._hubspot.write_batch(f"{ITEMS}/upsert", inputs)
            written |= {key: str(record["id"]) for key, record in answer.records.items()}
            failed |= answer.errors
        return written, failed

    def _tie(self, object_type: str, ties: Sequence[tuple[str, str]]) -> RetriableError | None:
        """Tie lines to their owners. Both ends were written just now: where one is refused, all are tied again."""
        path = f"/crm/associations/{{V}}/{object_type}/line_items/batch/associate/default"
        for batch in _batches(ties, MOST_TIED):
            inputs = [{"from": {"id": owner}, "to": {"id": line}} for owner, line in batch]
            answer = self._hubspot.call("POST", path, {"inputs": inputs})
            if (answer.json or {}).get("errors"):
                return RetriableError("hubspot did not tie every line to its order")
        return None

    def _archive(self, record_ids: Sequence[str]) -> None:
        for batch in _batches(record_ids, MOST_INPUTS):
            self._hubspot.call("POST", f"{ITEMS}/archive", {"inputs": [{"id": one} for one in batch]})


def worst(said: Iterable[tuple[str, PermanentError | RetriableError | None]]) -> Errors:
    """One of several verdicts on an order: what failed for now is due again, whatever else is refused for good."""
    verdicts: Errors = {}
    for key, error in said:
        if not isinstance(verdicts.get(key), RetriableError):
            verdicts[key] = error or verdicts.get(key)
    return verdicts


def _batches(things: Sequence[Thing], size: int) -> Iterable[Sequence[Thing]]:
    return (things[start : start + size] for start in range(0, len(things), size))


def _is_same(wanted: Mapping[str, str], shown: Mapping[str, Any]) -> bool:
    return all(_is_equal(name, value, shown.get(name) or "") for name, value in wanted.items())


def _is_equal(name: str, wanted: str, shown: str) -> bool:
    """As text, or as numbers where they are some: HubSpot may write 25.00 as 25."""
    try:
        return wanted == shown or (name in NUMBERS and Decimal(wanted) == Decimal(shown))
    except InvalidOperation:
        return False
