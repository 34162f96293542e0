"""Which live flows a change of many profiles may start: pure, over flows and segments as Klaviyo defines them.

A flow starts where its trigger names a property that changes, or a list or segment whose members change by it: a
segment whose definition names the property, the metric, or another such segment. Names are looked for wherever a
definition holds a text, as a whole word: rather one flow too many for a person to look at than a message too many to
customers.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

Definition = Mapping[str, Any]
NOT_NAMES: Final = frozenset({"operator", "value"})
"""Where a definition's texts are no names of what it looks at. A ``name`` may be one: nobody documents triggers."""
REGIONAL: Final = "profile-region"
"""A condition about where somebody is, which names no property."""
ALSO: Final[Mapping[str, tuple[str, ...]]] = {"country": (REGIONAL,), "region": (REGIONAL,)}


@dataclass(frozen=True, slots=True)
class Changing:
    """What will change: properties and attributes by their names at Klaviyo, and metrics, lists and segments by id."""

    names: frozenset[str]
    ids: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Segment:
    """A segment of Klaviyo's."""

    id: str
    name: str
    definition: Definition


@dataclass(frozen=True, slots=True)
class Flow:
    """A flow that is neither draft nor archived, and what triggers it."""

    id: str
    name: str
    status: str
    trigger_type: str
    triggers: Sequence[Definition]


@dataclass(frozen=True, slots=True)
class AtRisk:
    """A flow that may start, and what of its trigger will change."""

    flow: Flow
    because: str

    def told(self) -> dict[str, str]:
        """As an operator reads it."""
        flow = self.flow
        said = {"id": flow.id, "name": flow.name, "status": flow.status, "trigger": flow.trigger_type}
        return {**said, "because": self.because}


def at_risk(flows: Iterable[Flow], segments: Iterable[Segment], changing: Changing) -> list[AtRisk]:
    """The flows that may start, in their order. A flow whose trigger cannot be seen is among them."""
    named = changing.names.union(*(ALSO.get(name, ()) for name in changing.names))
    moved = dict.fromkeys(changing.ids, "")
    waiting = list(segments)
    while found := {one.id: why for one in waiting if (why := _why(one.definition, named, moved))}:
        moved |= {one.id: f"segment {one.name} ({found[one.id]})" for one in waiting if one.id in found}
        waiting = [one for one in waiting if one.id not in found]
    looked = ((flow, _why(flow.triggers, named, moved) if flow.triggers else "unknown trigger") for flow in flows)
    return [AtRisk(flow, why) for flow, why in looked if why]


def unanswered(found: Iterable[AtRisk], acknowledged: Iterable[str]) -> list[AtRisk]:
    """Those that nobody acknowledged by id."""
    known = set(acknowledged)
    return [one for one in found if one.flow.id not in known]


def refusal(found: Sequence[AtRisk]) -> str:
    """Why nothing starts, and what to do."""
    flows = "; ".join(f"{one.flow.id} ({one.flow.name}, {one.flow.status}: {one.because})" for one in found)
    return (
        f"flows may start and write to people: {flows}. Set each to draft, or say that it may with"
        ' {"acknowledge": [its id, ...]}'
    )


def _why(definition: Any, names: frozenset[str], moved: Mapping[str, str]) -> str:
    """The first thing that changes among those that a definition names; empty where there is none."""
    for text in _texts(definition):
        if text in moved:
            return moved[text] or f"names {text}"
        if text in names:
            return f"names {text}"
        if found := next((name for name in sorted(names) if _holds(text, name)), None):
            return f"names {found}"
    return ""


def _holds(text: str, name: str) -> bool:
    """Whether a text has a name as a whole: ``properties['rfm_score']`` has ``rfm_score``, ``rfm_scores`` has not."""
    return re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", text) is not None


def _texts(definition: Any) -> Iterator[str]:
    if isinstance(definition, str):
        yield definition
    elif isinstance(definition, Mapping):
        for key, value in definition.items():
            if key not in NOT_NAMES:
                yield from _texts(value)
    elif isinstance(definition, list | tuple):
        for one in definition:
            yield from _texts(one)
