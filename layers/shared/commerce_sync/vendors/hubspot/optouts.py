"""Which contact properties say that somebody opted out: a global one, and one a subscription of the account."""

from commerce_sync.vendors.hubspot.client import HubSpot

OPT_OUT = "hs_email_optout"


def opt_out_properties(hubspot: HubSpot) -> list[str]:
    """The names of ``hs_email_optout`` and of every ``hs_email_optout_<subscription id>`` that the account has."""
    answer = hubspot.call("GET", "/crm/properties/{V}/contacts")
    names = (str(definition["name"]) for definition in answer.json["results"])
    return sorted({OPT_OUT, *(name for name in names if name.startswith(f"{OPT_OUT}_"))})
