"""The end of a contact: HubSpot archived it, brought it back, or erased the person for good.

A privacy deletion comes together with a deletion, in any order; it alone says that somebody wants to be forgotten.
"""

from commerce_sync.contracts import Person
from commerce_sync.intake.catalogue import Code
from commerce_sync.intake.delivery import Delivery, Translation
from commerce_sync.intake.hubspot.shapes import Change, contact_of, moment_of
from commerce_sync.intake.privacy import privacy_request
from commerce_sync.intake.rejections import RejectedError, refuse


def deleted(_: Delivery, change: Change) -> Translation:
    """A contact in the archive, from where it can be restored for 90 days. It says nothing about consent."""
    raise _settled(change, "record_deleted")


def restored(_: Delivery, change: Change) -> Translation:
    """A contact out of the archive."""
    raise _settled(change, "record_restored")


def forgotten(delivery: Delivery, change: Change) -> Translation:
    """A person erased in HubSpot, who is to be forgotten everywhere. It happens to a contact once: its id names it."""
    person = Person(hubspot_contact_id=contact_of(change))
    subject = (person.hubspot_contact_id or "",)
    request = privacy_request(delivery, "erase", subject, moment_of(change), person)
    return Translation(privacy=(request,), people=(person,))


def _settled(change: Change, code: Code) -> RejectedError:
    """Nothing is to be done, except that the delivery is found again by its contact."""
    contact_of(change)
    return refuse(code, "subscriptionType", "a change of a contact that is there")
