"""What may be sent to ``POST /webhooks/properties/{owner}``: published as a JSON Schema, for whoever writes a sender.

Each row stands for itself: one that is wrong is set aside with its place and the reason, and the others go on.
"""

from typing import Annotated

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, RootModel

ONE_OF = "Exactly one of email, phone, and customer_id with its store."


class PropertyRow(BaseModel):
    """What was observed of one person."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    email: str | None = Field(None, max_length=320, description=ONE_OF)
    phone: str | None = Field(None, max_length=320, description="E.164 if you can; else read in the sender's country.")
    customer_id: str | int | None = Field(None, description="The store's own id of its customer.")
    store: str | None = Field(None, description='Whose customer_id it is, such as "shopify:us".')
    property: str = Field(description="A name of advanced.toml that you own.")
    value: str | int | float | bool | None = Field(description="Of the property's type; null takes it back.")
    observed_at: AwareDatetime = Field(description="When you observed it. The newest wins, whatever arrives when.")
    expires_at: AwareDatetime | None = Field(None, description="When it ends, if earlier than advanced.toml says.")
    line: int | None = Field(None, description="The line of the file that it came from: reasons name it.")


class PropertyRows(RootModel[Annotated[tuple[PropertyRow, ...], Field(min_length=1)]]):
    """A body: a JSON array of rows."""
