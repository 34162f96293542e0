"""One line of the field map, validated by itself: an owner, a source of its, and a place that nobody else owns."""

from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator

from commerce_sync.contracts.advanced import Destination
from commerce_sync.contracts.field_names import (
    CONSENT_NAMES,
    HUBSPOTS_OWN,
    IDENTIFIERS,
    KLAVIYO_ATTRIBUTES,
    LIFECYCLE,
    REVENUE_NAMES,
    SMS_HOLD,
    TRANSFORMS,
    WORKED_OUT,
)
from commerce_sync.contracts.fields import FieldKind, FieldLine, FieldOwner, FieldType, SendWhen


class MappedField(BaseModel):
    """One ``[[field]]`` of fields.toml. A field against its owner, or both ways, cannot be written down."""

    model_config = ConfigDict(frozen=True, extra="forbid", validate_default=True)

    owner: FieldOwner
    source: str = Field(pattern=r"^[a-z][a-z0-9_]{0,99}(\.[a-z][a-z0-9_]*)?$")
    destination: Destination
    name: str = Field(min_length=1, max_length=100, pattern=r"^[^$\s]([^\x00-\x1f]*[^\s\x00-\x1f])?$")
    kind: FieldKind = "property"
    type: FieldType = "text"
    transform: str = "as_is"
    send: SendWhen = "change"
    clear: bool = False
    label: str = ""

    @field_validator("source")
    @classmethod
    def _is_its_owners(cls, source: str, info: ValidationInfo) -> str:
        owner = info.data.get("owner")
        if owner in {"store", "bundle"} and source not in WORKED_OUT:
            raise ValueError(f"a {owner}'s source is one of {', '.join(_sources_of(owner))}")
        if "." in source and (source not in WORKED_OUT or WORKED_OUT[source][0] != owner):
            raise ValueError(f"nothing of that name is worked out for {owner}: {', '.join(_sources_of(owner))}")
        return source

    @field_validator("destination")
    @classmethod
    def _is_not_its_owner(cls, destination: Destination, info: ValidationInfo) -> Destination:
        if destination == info.data.get("owner"):
            raise ValueError("a field does not go to its owner")
        return destination

    @field_validator("name")
    @classmethod
    def _is_nobody_elses(cls, name: str, info: ValidationInfo) -> str:
        if info.data.get("destination") == "hubspot" and (reason := _refused_at_hubspot(name)):
            raise ValueError(reason)
        if name == SMS_HOLD:
            raise ValueError("the consent ledger alone says that")
        return name

    @field_validator("kind")
    @classmethod
    def _is_klaviyos(cls, kind: FieldKind, info: ValidationInfo) -> FieldKind:
        name, destination = info.data.get("name", ""), info.data.get("destination")
        if destination == "hubspot" and kind != "property":
            raise ValueError("everything at HubSpot is a property")
        if kind == "attribute" and name in IDENTIFIERS:
            raise ValueError(
                "Klaviyo knows people by it: the email address is whom all is about; phones are kind phone"
            )
        if kind == "attribute" and name not in KLAVIYO_ATTRIBUTES:
            raise ValueError(f"no attribute of Klaviyo's: {', '.join(sorted(KLAVIYO_ATTRIBUTES))}")
        return kind

    @field_validator("type")
    @classmethod
    def _fits_its_place(cls, kind: FieldType, info: ValidationInfo) -> FieldType:
        if info.data.get("kind") in {"attribute", "phone"} and kind != "text":
            raise ValueError("Klaviyo's own attributes are texts")
        if kind == "set" and info.data.get("destination") == "hubspot":
            raise ValueError("a set goes to Klaviyo")
        return kind

    @field_validator("transform")
    @classmethod
    def _gives_its_type(cls, transform: str, info: ValidationInfo) -> str:
        if transform not in TRANSFORMS:
            raise ValueError(f"one of {', '.join(TRANSFORMS)}")
        wanted, source = info.data.get("type"), info.data.get("source", "")
        given = TRANSFORMS[transform]
        if transform == "as_is" and source in WORKED_OUT:
            given = frozenset({WORKED_OUT[source][1]})
        if wanted is not None and wanted not in given:
            raise ValueError(f"it gives {' or '.join(sorted(given))}, and the field is {wanted}")
        if info.data.get("kind") == "phone" and transform != "phone":
            raise ValueError("Klaviyo takes numbers in E.164 alone: kind phone needs transform phone")
        return transform

    @field_validator("label")
    @classmethod
    def _is_seen(cls, label: str, info: ValidationInfo) -> str:
        if info.data.get("destination") == "hubspot" and not label.strip():
            raise ValueError("what people see in HubSpot")
        return label

    @property
    def line(self) -> FieldLine:
        """The contract's own form."""
        return FieldLine(**self.model_dump())


def _refused_at_hubspot(name: str) -> str | None:
    if name in CONSENT_NAMES:
        return "the consent ledger alone says that"
    if name in REVENUE_NAMES:
        return "orders and deals have a property of that name"
    if name.startswith("hs_") or name in HUBSPOTS_OWN - {LIFECYCLE}:
        return "that property is HubSpot's own"
    return (
        None
        if _is_property(name)
        else "small letters, digits and _, beginning with a letter, as HubSpot names properties"
    )


def _is_property(name: str) -> bool:
    return name.isascii() and name[0].islower() and all(one.islower() or one.isdigit() or one == "_" for one in name)


def _sources_of(owner: FieldOwner | None) -> list[str]:
    return [source for source, (whose, _) in WORKED_OUT.items() if whose == owner]
