"""How one record is written: every value checked and every problem named, then unique values, then the write."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from local.sandboxes.hubspot.errors import HubSpotError, Problem, invalid, invalid_values, taken
from local.sandboxes.hubspot.events import API, Source
from local.sandboxes.hubspot.pipelines import pipeline_ids, stage_ids
from local.sandboxes.hubspot.records import Record
from local.sandboxes.hubspot.schema import Definition
from local.sandboxes.hubspot.standard import OPTIONS, REQUIRED
from local.sandboxes.hubspot.state import HubSpotState
from local.sandboxes.hubspot.values import kept_value

STAGES = OPTIONS["lifecyclestage"]
CALCULATED = {"phone": "hs_calculated_phone_number", "mobilephone": "hs_calculated_mobile_number"}


@dataclass(frozen=True)
class Write:
    """A checked write: of a record, or of a new one."""

    object_type: str
    record: Record | None
    values: Mapping[str, str]


def check(
    state: HubSpotState, object_type: str, record: Record | None, given: Mapping[str, str], *, staff: bool = False
) -> Write:
    """Check every value. Unknown, read-only, ill-typed and missing ones are named together."""
    problems, values = [], {}
    for name, value in given.items():
        kept = _kept(state, object_type, name, value, staff=staff)
        if isinstance(kept, Problem):
            problems.append(kept)
        else:
            values[name] = kept
    problems += _missing(state, object_type, record, values)
    problems += _backward(state, record, values)
    if problems:
        raise invalid_values(problems)
    return Write(object_type, record, values)


def _kept(state: HubSpotState, object_type: str, name: str, value: str, *, staff: bool) -> str | Problem:
    definition = state.schemas[object_type].known(name)
    if definition is None:
        return Problem(name, "PROPERTY_DOESNT_EXIST", f'Property "{name}" does not exist')
    if definition.read_only and not staff:
        return Problem(name, "READ_ONLY_VALUE", f'"{name}" is a read only property; its value cannot be set.')
    return kept_value(definition, value, _options(state, object_type, definition))


def _options(state: HubSpotState, object_type: str, definition: Definition) -> Collection[str]:
    if definition.kind == "currency":
        return state.settings.currencies
    if definition.kind == "owner":
        return [owner.id for owner in state.owners]
    if definition.kind in {"pipeline", "stage"}:
        return pipeline_ids(object_type) if definition.kind == "pipeline" else stage_ids(object_type)
    return [str(option["value"]) for option in definition.options]


def _missing(
    state: HubSpotState, object_type: str, record: Record | None, values: Mapping[str, str]
) -> Iterable[Problem]:
    """Required on create; an administrator's conditional rules on every write."""
    after = {**(record.properties if record else {}), **values}
    rules = [*REQUIRED.get(object_type, ()), *state.settings.required.get(object_type, [])]
    for rule in rules:
        if isinstance(rule, str):
            if record is None and not after.get(rule):
                yield Problem(rule, "MISSING_REQUIRED_PROPERTY", f"{rule} is required")
        elif after.get(rule["when"]) == rule["is"] and not after.get(rule["name"]):
            yield Problem(rule["name"], "MISSING_CONDITIONAL_REQUIRED_PROPERTY", f"{rule['name']} is required")


def _backward(state: HubSpotState, record: Record | None, values: dict[str, str]) -> Iterable[Problem]:
    """A lifecycle stage only moves forward unless it is cleared first; a move back is ignored or refused."""
    before, after = (record.properties.get("lifecyclestage") if record else None), values.get("lifecyclestage")
    if before in STAGES and after in STAGES and STAGES.index(after) < STAGES.index(before):
        del values["lifecyclestage"]
        if state.settings.lifecycle_backward == "reject":
            yield Problem("lifecyclestage", "INVALID_OPTION", f"{after} is before {before}")


def check_unique(state: HubSpotState, write: Write, claimed: set[tuple[str, str]]) -> None:
    """No value of a unique property may be another record's, or another input's of the same batch."""
    store = state.stores[write.object_type]
    for name in state.schemas[write.object_type].unique_names():
        value = write.values.get(name)
        if not value:
            continue
        other = store.find(name, value)
        if other and other is not write.record:
            raise _conflict(write.object_type, name, other.id)
        if (name, value) in claimed:
            raise invalid(f"Duplicate values of {name} found in batch input")
    claimed.update((name, value) for name, value in write.values.items())


def _conflict(object_type: str, name: str, existing: str) -> HubSpotError:
    if name == "email":
        return taken(object_type, existing)
    return invalid_values([Problem(name, "CONFLICTING_UNIQUE_VALUE", f"{name} already has that value on {existing}")])


def apply(state: HubSpotState, write: Write, source: Source = API) -> Record:
    """Write it and tell whoever listens."""
    store = state.stores[write.object_type]
    record = write.record or store.add()
    values = {**write.values, **_calculated(state, write)}
    changed = store.write(record, values, state.schemas[write.object_type].unique_names())
    if write.object_type == "contacts":
        _announce(state, write, record, changed, source)
    return record


def _calculated(state: HubSpotState, write: Write) -> dict[str, str]:
    if write.object_type == "line_items":
        return _line_amount({**(write.record.properties if write.record else {}), **write.values})
    if write.object_type != "contacts":
        return {}
    email = write.values.get("email") if write.record is None else None
    said = state.subscriptions.opt_outs(email) if email else {}
    return said | {
        twin: "".join(char for char in write.values[name] if char.isdigit() or char == "+")
        for name, twin in CALCULATED.items()
        if name in write.values
    }


def _line_amount(values: Mapping[str, str]) -> dict[str, str]:
    """What a line costs: its quantity, at its price less the discount of one unit."""
    quantity, price, discount = (Decimal(values.get(name) or 0) for name in ("quantity", "price", "discount"))
    return {"amount": str(quantity * (price - discount))}


def _announce(state: HubSpotState, write: Write, record: Record, changed: Mapping[str, str], source: Source) -> None:
    if write.record is None:
        state.announce("creation", record, source, changeFlag="CREATED")
    for name, value in changed.items():
        if name in write.values:
            state.announce("propertyChange", record, source, propertyName=name, propertyValue=value, isSensitive=False)


def edit_as_staff(state: HubSpotState, email: str, properties: Mapping[str, str], source: Source) -> None:
    """A colleague edits a contact in HubSpot, or makes it. Staff may write what an integration may not."""
    found = state.stores["contacts"].find("email", email)
    given = properties if found else {"email": email, **properties}
    write = check(state, "contacts", found, given, staff=True)
    check_unique(state, write, set())
    apply(state, write, source)
