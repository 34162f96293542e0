"""Asks Klaviyo which live flows a change of many profiles may start, before a backfill or a first run of scores."""

from collections.abc import Iterable

from commerce_sync.backfilling.commanding import Flows
from commerce_sync.backfilling.flows import Changing, Flow, Segment, at_risk
from commerce_sync.config.fields import field_map
from commerce_sync.contracts.fields import FieldLine
from commerce_sync.errors import NotAllowedError
from commerce_sync.vendors.klaviyo.flow_triggers import KlaviyoFlowTriggers

PHONE = "phone_number"
"""What a field of kind ``phone`` fills beside its own property."""


def flows_started_by(triggers: KlaviyoFlowTriggers, changing: Changing, *, metrics: bool = False) -> Flows:
    """The flows that a change may start. ``metrics``: segments by what our events say change too.

    Where the key may not read them that is said, and nothing is guessed.

    :raises RetriableError: Klaviyo does not answer now.
    """
    try:
        ids = changing.ids | (triggers.metrics() if metrics else frozenset())
        found = at_risk(
            [Flow(**one) for one in triggers.flows()],
            [Segment(**one) for one in triggers.segments()],
            Changing(changing.names, ids),
        )
    except NotAllowedError as error:
        return Flows(unread=str(error))
    return Flows(at_risk=found)


def fields_changing() -> Changing:
    """All that the field map writes at Klaviyo, with the lists that selected HubSpot lists fill."""
    known = field_map()
    lists = frozenset(one.klaviyo for one in known.lists if one.klaviyo)
    return Changing(names_at_klaviyo(known.to("klaviyo")), lists)


def names_at_klaviyo(lines: Iterable[FieldLine]) -> frozenset[str]:
    """What some lines of the field map are called there."""
    return frozenset(name for line in lines for name in (line.name, *([PHONE] if line.kind == "phone" else [])))
