"""ISO 4217: the codes that a price can be in, with the number of decimals of their smallest unit.

From the list one of the maintenance agency (SIX, https://www.six-group.com/en/products-services/financial-information/
data-standards.html), as of November 2026. Codes without a minor unit (metals, XDR, XSU, XUA, XTS, XXX) price nothing.
"""

from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import Final

_DECIMALS: Final[Mapping[int, str]] = MappingProxyType(
    {
        0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF",
        2: """
        AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BOV BRL BSD BTN BWP BYN BZD
        CAD CDF CHE CHF CHW CNY COP COU CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP
        GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL
        MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD
        PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL
        THB TJS TMT TOP TRY TTD TWD TZS UAH USD USN UYU UZS VED VES WST XAD XCD XCG YER ZAR ZMW ZWG
        """,
        3: "BHD IQD JOD KWD LYD OMR TND",
        4: "CLF UYW",
    }
)

#: Withdrawn since 2023; a backfill still meets orders that were paid in them.
_WITHDRAWN: Final = "ANG BGN HRK SLL ZWL"

#: The smallest unit of each currency, as an amount.
MINOR_UNITS: Final[Mapping[str, Decimal]] = MappingProxyType(
    {code: Decimal((0, (1,), -decimals)) for decimals, codes in _DECIMALS.items() for code in codes.split()}
    | dict.fromkeys(_WITHDRAWN.split(), Decimal("0.01"))
)
