"""The sources whose deliveries are translated. Adding one is a module and a line here."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from commerce_sync.intake import bigcommerce, hubspot, klaviyo, observations, own, recharge, shopify, web, woocommerce
from commerce_sync.intake.delivery import Translator
from commerce_sync.intake.doors import DOORS

SOURCES: Final[Mapping[str, Translator]] = MappingProxyType(
    {
        "bigcommerce": bigcommerce.translate,
        "hubspot": hubspot.translate,
        "own": own.translate,
        "properties": observations.translate,
        "recharge": recharge.translate,
        "shopify": shopify.translate,
        "klaviyo": klaviyo.translate,
        "web": web.translate,
        "woocommerce": woocommerce.translate,
        **DOORS,
    }
)
