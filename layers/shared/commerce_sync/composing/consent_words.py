"""How an operator's commands read records and addresses: by the configured policy and the shipped rules, as of now."""

from collections.abc import Sequence

from commerce_sync.composing.consent_places import now, reading
from commerce_sync.config.consent import consent_policy
from commerce_sync.consent.explaining import sentence
from commerce_sync.consent.folding import fold
from commerce_sync.consent.rules import shipped_rules
from commerce_sync.contracts.consent import ALL, Address, Channel, ConsentRecord, ConsentState
from commerce_sync.contracts.consent_shown import Place, Wanted
from commerce_sync.identity.persons import address_of
from commerce_sync.operating.consent_explain import CHANNELS
from commerce_sync.operating.consent_needs import Opened


def wanted_at(place: Place, opened: Opened) -> Wanted:
    """What a place shall show of somebody of whom there are records."""
    return reading().wanted(place, opened.records[0].channel, opened.records, now())


def all_states(channel: Channel, records: Sequence[ConsentRecord]) -> list[tuple[str, ConsentState]]:
    """The states of each purpose of a channel, for each brand."""
    policy, rules = consent_policy(), shipped_rules()
    return [
        (purpose.id, fold(_of(records, purpose.id), sender=sender, at=now(), rules=rules))
        for purpose in policy.purposes_of(channel)
        for sender in policy.senders
    ]


def said_of(state: ConsentState, records: Sequence[ConsentRecord], purpose: str) -> str:
    """The sentence that decides a purpose."""
    return sentence(state, _of(records, purpose), shipped_rules())


def named(text: str) -> Address | None:
    """The address that a text writes; None where it writes none."""
    found = address_of(text)
    return (CHANNELS[found[0]], found[1]) if found else None


def _of(records: Sequence[ConsentRecord], purpose: str) -> list[ConsentRecord]:
    return [one for one in records if one.purpose in {purpose, ALL}]
