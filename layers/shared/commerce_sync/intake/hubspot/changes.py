"""What one change says, by how the contact changed."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from commerce_sync.intake.catalogue import Code
from commerce_sync.intake.delivery import Delivery, Translation
from commerce_sync.intake.hubspot.endings import deleted, forgotten, restored
from commerce_sync.intake.hubspot.merges import merged
from commerce_sync.intake.hubspot.shapes import Change, kind_of
from commerce_sync.intake.hubspot.updates import changed, created
from commerce_sync.intake.rejections import RejectedError, refuse

_TELLERS: Final[Mapping[str, Callable[[Delivery, Change], Translation]]] = MappingProxyType(
    {
        "propertyChange": changed,
        "creation": created,
        "merge": merged,
        "deletion": deleted,
        "restore": restored,
        "privacyDeletion": forgotten,
    }
)

#: What waits, of whatever object.
_WAITING: Final[Mapping[str, str]] = MappingProxyType(
    {
        "merge": "the merge of other objects than contacts",
        "deletion": "the archiving of other objects than contacts",
        "restore": "the archiving of other objects than contacts",
        "privacyDeletion": "the erasure of other objects than contacts",
        "associationChange": "the sync of associations",
    }
)


def told(delivery: Delivery, change: Change) -> Translation:
    """What a change says.

    :raises RejectedError: it is of no contact, of no kind that is translated, or lacks what its kind needs.
    """
    subject, verb, is_contact = kind_of(change.subscriptionType, change.eventType, change.objectTypeId)
    if is_contact and verb in _TELLERS:
        return _TELLERS[verb](delivery, change)
    if verb in _WAITING:
        raise refuse("not_yet_translated", "subscriptionType", _WAITING[verb])
    raise _not_ours(subject)


def _not_ours(subject: str) -> RejectedError:
    known = {"contact", "object", "company", "deal", "ticket", "product", "line_item", "conversation"}
    code: Code = "topic_not_used" if subject in known else "unknown_topic"
    return refuse(code, "subscriptionType", "a change of a contact")
