"""Whoever calls a vendor draws on the account's shared budget: its client is made in one place, and nowhere else."""

import ast
from collections.abc import Iterator

import pytest

from tests.architecture.imports import Module, imported, shipped_modules

CLIENTS, FACTORY, HTTP = (
    "commerce_sync.composing.clients",
    "commerce_sync.vendors.factory",
    "commerce_sync.vendors.http",
)
MAKERS = frozenset({"bigcommerce", "hubspot", "klaviyo", "recharge", "shopify", "woocommerce"})
"""What the factory makes without a budget, unless it is given one."""
SESSIONS = {
    "VendorHttp": {f"commerce_sync.vendors.{vendor}.client" for vendor in MAKERS},
    "_ExactHttp": {"commerce_sync.vendors.bigcommerce.client"},
    "klaviyo_http": {FACTORY},
    **{name: {FACTORY} for name in ("BigCommerce", "HubSpot", "Recharge", "Shopify", "WooCommerce")},
}
"""By what makes a session or a client, the modules that may call it."""
KINDS_OF_SESSIONS = {"commerce_sync.vendors.bigcommerce.client", "commerce_sync.vendors.ecb"}
"""Where a session is made a kind of: with exact numbers, and the European Central Bank's."""
SENDERS = {"requests": {HTTP, "commerce_sync.vendors.ecb"}}
"""By library that sends, the modules that may import it. The European Central Bank's files are public: they have no
account, and so no budget that anybody shares. ``aws`` sends by botocore and urllib3, to AWS alone.
"""


def makers_elsewhere(module: Module) -> Iterator[str]:
    """Each call that makes a client or a session in a module that may not, and each library that sends by itself."""
    tree = ast.parse(module.text)
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
            if module.name not in SESSIONS.get(name, {module.name}):
                yield f"{module.name} makes a {name}"
        elif isinstance(node, ast.ClassDef) and module.name not in KINDS_OF_SESSIONS:
            yield from (
                f"{module.name} is a kind of session" for base in node.bases if "VendorHttp" in ast.unparse(base)
            )
    for name in imported(module):
        library, maker = name.partition(".")[0], name.removeprefix(f"{FACTORY}.")
        if module.name not in SENDERS.get(library, {module.name}):
            yield f"{module.name} sends by {library}"
        if (maker in MAKERS or name == FACTORY) and module.name != CLIENTS:
            yield f"{module.name} makes clients without a budget"


def test_every_client_of_a_vendor_is_made_where_its_budget_is_joined_to_it() -> None:
    """Who made one elsewhere would count for nobody, and use up the share that opt-outs have."""
    assert [found for module in shipped_modules() for found in makers_elsewhere(module)] == []


def test_every_place_that_may_make_one_is_there() -> None:
    """An exception for a module that is gone would be an open door."""
    names = {module.name for module in shipped_modules()}
    assert {place for places in (KINDS_OF_SESSIONS, *SESSIONS.values(), *SENDERS.values()) for place in places} | {
        CLIENTS
    } <= names


def test_each_client_is_made_with_a_budget() -> None:
    """The last argument of every call of the factory, in the one module that calls it."""
    (clients,) = [module for module in shipped_modules() if module.name == CLIENTS]
    made = {
        node.func.attr: ast.unparse(node.args[-1])
        for node in ast.walk(ast.parse(clients.text))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in MAKERS
    }
    assert made.keys() == MAKERS
    assert [name for name, argument in made.items() if not argument.startswith("budget_of(settings, ")] == []


PLANTED = {
    "a client is made beside the factory": "from commerce_sync.vendors.hubspot import HubSpot\nx = HubSpot('')",
    "a client is made through its package": "from commerce_sync.vendors import shopify\nx = shopify.Shopify('')",
    "a session is made": "from commerce_sync.vendors.http import VendorHttp\nx = VendorHttp('v')",
    "a session of another kind is made": "from commerce_sync.vendors import http\nclass Mine(http.VendorHttp): ...",
    "the factory is imported whole": "from commerce_sync.vendors import factory",
    "the factory is imported by its path": "import commerce_sync.vendors.factory",
    "a maker is imported": "from commerce_sync.vendors.factory import klaviyo as made",
    "requests is imported": "import requests",
    "a part of requests is imported": "from requests import Session",
}


@pytest.mark.parametrize("text", PLANTED.values(), ids=PLANTED)
def test_the_checker_catches_a_planted_client(text: str) -> None:
    """However it is spelled."""
    assert len(list(makers_elsewhere(Module("commerce_sync.composing.x", text)))) == 1


def test_the_checker_lets_addresses_and_clients_of_ours_pass() -> None:
    """Where a store is may be asked of the factory, and a client with its budget of composing.clients."""
    text = (
        "from commerce_sync.composing import clients\nfrom commerce_sync.composing.clients import hubspot\n"
        "from commerce_sync.vendors.factory import StoreUrls, store_url\nclients.shopify(1, 2, 'us')\nhubspot(1, 2)"
    )
    assert list(makers_elsewhere(Module("commerce_sync.composing.x", text))) == []
