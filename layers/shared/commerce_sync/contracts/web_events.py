"""What may be sent to ``/web/{store}`` by whoever writes a snippet of their own: published as a JSON Schema.

Shopify's web pixel is understood in the shape of its own customer events as well (docs/web_events.md). Further fields
are not read.
"""

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, RootModel

Name = Annotated[str | int | None, Field(description="At most 64 letters, digits and . _ ~ # + / : - and space.")]
Amount = Annotated[Decimal, Field(ge=0, description="In the event's currency: text, or a JSON number.")]


class _Read(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class WebProduct(_Read):
    """One product. Titles, pictures and addresses are not read: anybody could write them, and mails would show them."""

    product_id: Name = None
    variant_id: Name = None
    sku: str | None = Field(None, description="Likewise.")
    price: Amount = Field(description="Of one piece.")
    quantity: int = Field(1, ge=1, le=10_000)


class WebCustomer(_Read):
    """Who it is. With neither, the event is set aside. With both, the address counts: nobody is joined by a browser."""

    email: str | None = Field(None, max_length=320, description="Typed by the visitor, or of who is logged in.")
    id: str | int | None = Field(None, description="The shop's id of the customer who is logged in.")


class WebEvent(_Read):
    """One act of a visitor."""

    id: str = Field(min_length=1, max_length=250, description="Random, made once for this act: a repeat has it again.")
    name: Literal["viewed_product", "added_to_cart", "started_checkout"]
    timestamp: AwareDatetime = Field(description="Over an hour old or five minutes ahead, receipt counts instead.")
    customer: WebCustomer
    currency: str | None = Field(None, pattern="^[A-Z]{3}$", description="ISO 4217; without one the shop's.")
    products: tuple[WebProduct, ...] = Field(min_length=1)
    checkout_id: str | int | None = Field(None, description="The checkout's token, of a Shopify shop.")
    total: Amount | None = Field(None, description="Of a checkout: what it comes to. Without it, the products' sum.")
    discount: Amount | None = None
    tax: Amount | None = None
    shipping: Amount | None = None


class WebEvents(RootModel[WebEvent | Annotated[tuple[WebEvent, ...], Field(min_length=1, max_length=20)]]):
    """The body of ``POST /web/{store}?token=...``: one event, or up to 20. At most 16 kB."""
