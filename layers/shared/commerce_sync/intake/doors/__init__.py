"""The routes about consent: preference forms, staff, inbound texts, support mail (docs/consent.md).

Their bodies are ours to define (:mod:`commerce_sync.contracts.consent_doors`), and they are read value by value: what
is odd beside an opt-out never refuses the opt-out.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from commerce_sync.intake.delivery import Translator
from commerce_sync.intake.doors import choices, messages

DOORS: Final[Mapping[str, Translator]] = MappingProxyType(
    {
        "preferences": choices.preference,
        "staff": choices.by_staff,
        "sms": messages.texted,
        "support": messages.written,
    }
)
