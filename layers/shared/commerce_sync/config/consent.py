"""The deployer's consent configuration, validated: consent.toml and notices.toml."""

from functools import cache

from pydantic import BaseModel, ConfigDict, Field, model_validator

from commerce_sync.config.loading import load
from commerce_sync.config.stores import configured_stores
from commerce_sync.contracts.consent import ALL
from commerce_sync.contracts.consent_policy import ConsentPolicy, ConsentSource, HubSpotForm, Notice, Purpose
from commerce_sync.contracts.store import OptInMeta, Store


class NoticesFile(BaseModel):
    """notices.toml."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    notice: tuple[Notice, ...] = ()

    @model_validator(mode="after")
    def _dates(self) -> "NoticesFile":
        ids = [one.id for one in self.notice]
        if len(set(ids)) != len(ids):
            raise ValueError("two notices share an id")
        wrong = [one.id for one in self.notice if one.valid_until and one.valid_until < one.valid_from]
        if wrong:
            raise ValueError(f"valid until before valid from: {', '.join(wrong)}")
        return self


class ConsentFile(BaseModel):
    """consent.toml."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    default_purpose: str
    default_sender: str
    senders: tuple[str, ...] = Field(min_length=1)
    ignored_hubspot: tuple[str, ...] = ()
    ignored_klaviyo: tuple[str, ...] = ()
    double_opt_in_list: str = ""
    legal_basis: str
    purpose: tuple[Purpose, ...] = Field(min_length=1)
    source: tuple[ConsentSource, ...] = ()
    hubspot_form: tuple[HubSpotForm, ...] = ()

    @model_validator(mode="after")
    def _names_agree(self) -> "ConsentFile":
        purposes = [one.id for one in self.purpose]
        if len(set(purposes)) != len(purposes):
            raise ValueError("two purposes share an id")
        if ALL in self.senders or len(set(self.senders)) != len(self.senders):
            raise ValueError("senders are distinct names, and none is *")
        forms = [one.id for one in self.hubspot_form]
        if len(set(forms)) != len(forms):
            raise ValueError("a HubSpot form is configured twice")
        of_forms = {one.purpose for one in self.hubspot_form if one.purpose}
        named = {self.default_purpose} | {one.purpose for one in self.source if one.purpose} | of_forms
        if unknown := sorted(named - set(purposes)):
            raise ValueError(f"no such purpose: {', '.join(unknown)}")
        used = {self.default_sender} | {one.sender for one in self.source if one.sender}
        if unknown := sorted(used - set(self.senders)):
            raise ValueError(f"no such sender: {', '.join(unknown)}")
        return self

    @model_validator(mode="after")
    def _said_once(self) -> "ConsentFile":
        of_account = [one.id for one in self.purpose if one.klaviyo == "account"]
        if len(of_account) > 1:
            raise ValueError(f"Klaviyo's account has one marketing consent, not {', '.join(of_account)}")
        types = [name for one in self.purpose for name in one.hubspot]
        if len(set(types)) != len(types) or set(types) & set(self.ignored_hubspot):
            raise ValueError("a HubSpot subscription type is mapped twice, or mapped and ignored")
        lists = [one.klaviyo for one in self.purpose]
        if len(set(lists)) != len(lists) or set(lists) & set(self.ignored_klaviyo):
            raise ValueError("a Klaviyo list is mapped twice, or mapped and ignored")
        stores = [(one.source, one.store) for one in self.source]
        if len(set(stores)) != len(stores):
            raise ValueError("a store is configured twice")
        if unknown := sorted(":".join(key) for key in set(stores) - set(configured_stores())):
            raise ValueError(f"no such store in stores.toml: {', '.join(unknown)}")
        nobody_reads = [
            one.store for one in self.source if one.source != "woocommerce" and one.opt_in_meta != OptInMeta()
        ]
        if nobody_reads:
            raise ValueError(f"opt_in_meta is WooCommerce's: {', '.join(nobody_reads)}")
        return self


@cache
def translated_stores() -> dict[tuple[str, str], Store]:
    """Every configured store by (source, id), with what consent.toml says of it for the translation of its bodies."""
    meta = {(one.source, one.store): one.opt_in_meta for one in consent_policy().sources}
    return {
        key: store.model_copy(update={"opt_in_meta": meta[key]}) if key in meta else store
        for key, store in configured_stores().items()
    }


@cache
def consent_policy() -> ConsentPolicy:
    """The configured policy."""
    file = load(ConsentFile, "consent")
    own = file.model_dump(exclude={"purpose", "source", "hubspot_form"})
    notices = load(NoticesFile, "notices").notice
    return ConsentPolicy(
        **own, purposes=file.purpose, sources=file.source, notices=notices, hubspot_forms=file.hubspot_form
    )
