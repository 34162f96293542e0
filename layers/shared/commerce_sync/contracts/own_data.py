"""What may stand in the ``data`` of an own order system's events (:mod:`commerce_sync.contracts.own_events`).

Further fields are not read. Consent is read value by value: what is odd beside an opt-out never refuses the opt-out.
"""

from decimal import Decimal
from typing import Annotated, Final, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, WithJsonSchema

Id = Annotated[
    Annotated[str, Field(min_length=1, max_length=255)] | int, Field(description="Yours; at most 255 characters.")
]
_AMOUNT: Final = {
    "anyOf": [{"type": "number"}, {"type": "string", "pattern": r"^-?[0-9]{1,15}(\.[0-9]{1,20})?$"}],
    "description": "In the event's currency: text, or an exact JSON number.",
}
Amount = Annotated[Decimal, WithJsonSchema(_AMOUNT)]
Currency = Annotated[str, Field(pattern="^[A-Z]{3}$", description="ISO 4217.")]
Box = Annotated[bool, Field(description="true is a ticked box; everything else says nothing.")]


class Read(BaseModel):
    """A part of a body."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class OwnPerson(Read):
    """Who it is, as far as you know."""

    email: str | None = None
    phone: str | None = Field(None, description="E.164 if you can; else it is read in the country.")
    first_name: str | None = None
    last_name: str | None = None
    country: str | None = Field(None, description="ISO 3166-1 alpha-2.")


class OwnCustomer(OwnPerson):
    """The same, with your id of them."""

    id: Id | None = None


class _About(OwnPerson):
    customer_id: Id | None = None
    customer: OwnCustomer | None = Field(None, description="What is not said beside it may be said in here.")
    test: bool | None = Field(None, description="true: it is counted, and nothing else becomes of it.")


class OwnProduct(Read):
    """One line."""

    line_id: Id | None = Field(None, description="Yours of the line; without one its place, which must not change.")
    product_id: Id | None = None
    variant_id: Id | None = None
    sku: str | None = None
    name: str | None = None
    quantity: int
    price: Amount = Field(description="Of one piece, before discounts.")
    discount: Amount | None = Field(None, description="Of the whole line.")


class _Priced(_About):
    total: Amount = Field(description="What the buyer owes: after discounts, with tax and shipping.")
    currency: Currency
    discount: Amount | None = None
    tax: Amount | None = None
    taxes_included: bool | None = Field(None, description="true: the prices hold their tax.")
    shipping: Amount | None = None
    products: tuple[OwnProduct, ...]
    landing_site: str | None = Field(None, description="The address that the buyer came in by: its utm_ parameters.")
    accepts_marketing: Box | None = None
    accepts_sms: Box | None = None


class OrderData(_Priced):
    """An order as it was placed."""

    order_id: Id
    order_name: str | None = None
    placed_at: AwareDatetime | None = Field(None, description="Else the event's time.")
    updated_at: AwareDatetime | None = Field(None, description="Which body is newer; else the event's time.")
    cancelled_at: AwareDatetime | None = None
    current_total: Amount | None = Field(None, description="What is owed after an edit, before refunds.")
    payment_status: str | None = None
    fulfillment_status: str | None = None
    coupon: str | None = None


class UpdatedOrderData(OrderData):
    """The whole order again."""

    placed_at: AwareDatetime = Field(description="Without it an edit would look like a sale.")


class CancelledData(_About):
    """An order that was called off. It stays so, whatever is told of it later."""

    order_id: Id
    order_name: str | None = None
    coupon: str | None = None
    landing_site: str | None = None
    cancelled_at: AwareDatetime | None = Field(None, description="Else the event's time.")
    total: Amount | None = Field(None, description="With currency.")
    currency: Currency | None = None
    reason: str | None = None


class RefundData(_About):
    """Money that was really returned."""

    order_id: Id
    refund_id: Id | None = Field(None, description="Else the event's id.")
    amount: Amount
    currency: Currency = Field(description="The order's own.")
    reason: str | None = None


class ParcelData(_About):
    """A parcel that left or arrived."""

    order_id: Id
    fulfillment_id: Id | None = Field(None, description="Where an order has several parcels.")
    tracking_number: str | None = None
    products: tuple[OwnProduct, ...] | None = None
    currency: Currency | None = Field(None, description="Of the products' prices; else the shop's.")


class CheckoutData(_Priced):
    """A checkout that was begun."""

    checkout_id: Id


class SubscriptionData(_About):
    """A subscription, and what each of its deliveries costs."""

    subscription_id: Id
    order_id: Id | None = Field(None, description="The order that it began with.")
    total: Amount | None = Field(None, description="Of one delivery; else its products' sum.")
    currency: Currency | None = Field(None, description="Else the shop's.")
    products: tuple[OwnProduct, ...] | None = None
    reason: str | None = Field(None, description="Of subscription.cancelled.")


class CustomerData(_About):
    """What you know of a person."""

    updated_at: AwareDatetime | None = Field(None, description="Else the event's time.")


class ConsentData(Read):
    """One statement about consent (docs/consent.md)."""

    channel: Literal["email", "sms"] | None = Field(None, description="Of an opt-in; without it by its address.")
    email: str | None = Field(None, max_length=320)
    phone: str | None = Field(None, max_length=320)
    address: str | None = Field(None, max_length=320, description="Instead of email or phone.")
    state: str | None = Field(None, description="Of consent.updated: granted or withdrawn; anything else is held.")
    purpose: str | None = None
    sender: str | None = None
    method: str | None = None
    form: str | None = None
    notice_sha256: str | None = Field(None, pattern="^[0-9a-f]{64}$")
    language: str | None = None
    verification: Literal["none", "double_opt_in", "handset"] | None = None
    occurred_at: AwareDatetime | None = Field(None, description="Else the event's time.")
    actor: Literal["subject", "staff", "system"] | None = None
    country: str | None = None
    reason: str | None = Field(None, max_length=1000)
