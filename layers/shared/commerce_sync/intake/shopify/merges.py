"""customers/merge: a store made two of its customers one."""

import re
from typing import Final

from msgspec import Struct

from commerce_sync.contracts import Person, SamePerson
from commerce_sync.intake.bodies import decode, decoder_of
from commerce_sync.intake.delivery import Delivery, Translation
from commerce_sync.intake.rejections import refuse, reject
from commerce_sync.intake.shopify.arrival import said_at

_KEPT, _DELETED = "admin_graphql_api_customer_kept_id", "admin_graphql_api_customer_deleted_id"
_CUSTOMER: Final = re.compile(r"gid://shopify/Customer/([0-9]{1,255})")


class MergeBody(Struct, gc=False):
    """The body of customers/merge. ``status`` is a CustomerMergeRequestStatus, in small letters."""

    admin_graphql_api_customer_kept_id: str
    admin_graphql_api_customer_deleted_id: str
    status: str


_MERGE: Final = decoder_of(MergeBody)


def translate(delivery: Delivery) -> Translation:
    """The statement that both are one person, once the merge is completed.

    Only then: Shopify's own sample is of a merge that failed, and its customers are still two.
    """
    merge = decode(_MERGE, delivery.body)
    kept = _customer(merge.admin_graphql_api_customer_kept_id, _KEPT)
    deleted = _customer(merge.admin_graphql_api_customer_deleted_id, _DELETED)
    people = (Person(customer_id=kept), Person(customer_id=deleted))
    if merge.status.strip().lower() != "completed":
        return Translation(rejections=(reject("merge_not_completed", "status", "completed"),), people=people)
    if kept == deleted:
        raise refuse("wrong_type", _DELETED, "another customer than the one that is kept")
    said = SamePerson(
        source=delivery.source,
        store=delivery.store.id,
        records=(kept, deleted),
        said_by="store_merge",
        stated_at=said_at(delivery),
    )
    return Translation(same=(said,), people=people)


def _customer(said: str, path: str) -> str:
    """The number of a global id: ``gid://shopify/Customer/2`` is the customer whom other bodies call 2."""
    found = _CUSTOMER.fullmatch(said.strip())
    if found is None:
        raise refuse("wrong_type", path, "a customer's global id")
    return found[1]
