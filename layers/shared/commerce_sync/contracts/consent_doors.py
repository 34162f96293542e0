"""What may be sent to the routes about consent: published as JSON Schemas, for whoever writes a sender.

Intake reads these bodies leniently, value by value: what is odd beside an opt-out never refuses the opt-out. These
models say what to send; each has ``id``, the sender's own id of the act, never used for another one. Further fields
are not read.
"""

from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from commerce_sync.contracts.consent import Channel

Id = Annotated[str, Field(min_length=1, max_length=255, description="Yours, of this one act: a repeat says it again.")]
Email = Annotated[str, Field(max_length=320, description="An email address.")]
Phone = Annotated[
    str, Field(max_length=320, description="E.164 if you can; else it is read in the configured country.")
]


class Door(BaseModel):
    """A body. Fields that are not named here are not read."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class PreferenceChange(Door):
    """``POST /consent/preferences/{store}``: a person chose at a form or a preference page of yours."""

    id: Id
    email: Email | None = None
    phone: Phone | None = None
    channel: Channel = Field(description="email needs email, sms needs phone.")
    purpose: str | None = Field(
        None, description="A purpose of consent.toml. Without one: all, to unsubscribe; the default, to subscribe."
    )
    sender: str | None = Field(None, description="A brand of consent.toml. Without one the configured one.")
    choice: Literal["subscribe", "unsubscribe"]
    occurred_at: AwareDatetime = Field(description="When the person chose. An undated opt-in proves nothing.")
    form: str = Field(description="The form's name: notices.toml calls it preferences:{store}:{form}.")
    notice_sha256: str | None = Field(
        None, pattern="^[0-9a-f]{64}$", description="SHA-256 of the exact text that was shown, where you know it."
    )
    language: str | None = Field(None, description="ISO 639-1, of the text that was shown.")
    country: str | None = Field(None, description="ISO 3166-1 alpha-2, where the person is, where you know it.")
    verification: Literal["none", "double_opt_in"] = Field(
        "none", description="double_opt_in: the person opened the link that was sent to this address."
    )


class StaffRevocation(Door):
    """``POST /consent/staff/{store}``: staff write down what a person told them."""

    id: Id
    email: Email | None = Field(None, description="email, phone or both: each that is given.")
    phone: Phone | None = None
    choice: Literal["unsubscribe", "subscribe"] = Field(description="subscribe is weak evidence: it never clears.")
    reason: str = Field(max_length=1000, description="In the person's words.")
    staff_id: str = Field(description="Who writes it down.")
    occurred_at: AwareDatetime | None = Field(None, description="When the person said so; else when it arrives.")
    legal: bool = Field(default=False, description="A request under the law: only a verified opt-in clears it.")
    purpose: str | None = Field(None, description="Only this purpose; without one, all.")
    sender: str | None = Field(None, description="Only this brand; without one, all.")


class InboundText(Door):
    """``POST /consent/sms/{store}``: somebody texted one of your numbers."""

    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=True)

    id: Id
    sender: Phone = Field(alias="from")
    to: str
    text: str
    received_at: AwareDatetime
    provider: str = Field(description="Who passed it on: twilio, sinch, ...")


class SupportMessage(Door):
    """``POST /consent/support/{store}``: a mail or a note in which a person may have asked for something."""

    id: Id
    email: Email
    subject: str | None = None
    text: str = Field(description="As plain text. What it quotes of other mails is not read.")
    received_at: AwareDatetime
