"""What an order system of your own may send to ``/webhooks/own/{store}``: published as a JSON Schema.

CloudEvents 1.0 in structured JSON (docs/connecting.md). The last two words of ``type`` decide what ``data`` says.
"""

from typing import Literal

from pydantic import AwareDatetime, Field, RootModel

from commerce_sync.contracts.own_data import (
    CancelledData,
    CheckoutData,
    ConsentData,
    CustomerData,
    Id,
    OrderData,
    ParcelData,
    Read,
    RefundData,
    SubscriptionData,
    UpdatedOrderData,
)


class _CloudEvent(Read):
    specversion: Literal["1.0"]
    id: Id = Field(description="Yours of this one event: a repeat has it again.")
    source: str
    time: AwareDatetime = Field(description="When it happened.")


class OrderCompleted(_CloudEvent):
    """An order was placed."""

    type: str = Field(pattern=r"(^|\.)order\.(completed|placed)$")
    data: OrderData


class OrderUpdated(_CloudEvent):
    """An order was changed, paid or sent."""

    type: str = Field(pattern=r"(^|\.)order\.updated$")
    data: UpdatedOrderData


class OrderCancelled(_CloudEvent):
    """An order was called off."""

    type: str = Field(pattern=r"(^|\.)order\.cancelled$")
    data: CancelledData


class OrderRefunded(_CloudEvent):
    """Money went back."""

    type: str = Field(pattern=r"(^|\.)order\.refunded$")
    data: RefundData


class ParcelMoved(_CloudEvent):
    """A parcel left, or arrived."""

    type: str = Field(pattern=r"(^|\.)order\.(fulfilled|delivered)$")
    data: ParcelData


class CheckoutStarted(_CloudEvent):
    """A checkout was begun."""

    type: str = Field(pattern=r"(^|\.)checkout\.started$")
    data: CheckoutData


class SubscriptionChanged(_CloudEvent):
    """One step of a subscription."""

    type: str = Field(pattern=r"(^|\.)subscription\.(started|paused|skipped|reactivated|cancelled)$")
    data: SubscriptionData


class CustomerUpdated(_CloudEvent):
    """A person was changed."""

    type: str = Field(pattern=r"(^|\.)customer\.updated$")
    data: CustomerData


class ConsentStated(_CloudEvent):
    """Somebody agreed, or did not any more."""

    type: str = Field(pattern=r"(^|\.)consent\.(granted|withdrawn|updated)$")
    data: ConsentData


OwnEvent = (
    OrderCompleted
    | OrderUpdated
    | OrderCancelled
    | OrderRefunded
    | ParcelMoved
    | CheckoutStarted
    | SubscriptionChanged
    | CustomerUpdated
    | ConsentStated
)


class OwnEvents(RootModel[OwnEvent]):
    """The body of ``POST /webhooks/own/{store}``: one CloudEvent."""
