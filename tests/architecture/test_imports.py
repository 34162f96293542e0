"""Who may import whom, held by reading the source."""

import pytest

from tests.architecture.imports import (
    LAYER,
    RULES,
    SLICES,
    Module,
    broken_rules,
    environment_readers,
    opened_at_import,
    shipped_modules,
)


def _broken(*parts: str) -> list[str]:
    modules = [module for module in shipped_modules() if module.part in parts]
    assert modules, f"no module of {parts} was found"
    return [broken for module in modules for broken in broken_rules(module)]


def test_every_part_of_the_layer_has_a_rule() -> None:
    """A new folder or module of the layer cannot appear without saying what it may import."""
    parts = {path.stem for path in LAYER.iterdir() if path.suffix == ".py" or (path / "__init__.py").exists()}

    assert parts - {"__init__"} == set(RULES)


def test_nothing_imports_a_function() -> None:
    """A function is a composition root: nothing in the layer, and no other function, leans on it."""
    wrong = [broken for module in shipped_modules() for broken in broken_rules(module) if "imports functions" in broken]

    assert wrong == []


def test_functions_do_not_import_each_other() -> None:
    """Two functions meet on a queue only."""
    assert _broken("functions") == []


def test_aws_adapters_import_contracts_errors_and_the_sdk_only() -> None:
    """No adapter knows a slice: the slice says what it needs, and the adapter fits."""
    assert _broken("aws") == []


def test_vendor_adapters_import_contracts_errors_requests_and_what_counts_only() -> None:
    """No vendor client knows a slice, AWS or a model of ours that travels nowhere."""
    assert _broken("vendors") == []


@pytest.mark.parametrize("part", [part for part in SLICES if part != "webhooks"])
def test_a_slice_imports_contracts_errors_itself_and_pure_libraries(part: str) -> None:
    """Rules are plain functions: no SDK, no HTTP, no Powertools, and no other slice."""
    assert _broken(part) == []


def test_webhooks_import_the_standard_library_only() -> None:
    """The intake's cold start pays for every import."""
    assert _broken("webhooks") == []


def test_contracts_import_pydantic_and_the_standard_library_only() -> None:
    """What every slice shares drags nothing else along."""
    assert _broken("contracts") == []


def test_configuration_imports_contracts_and_what_validates_it() -> None:
    """Configuration is read by models, and knows no slice."""
    assert _broken("config") == []


def test_errors_settings_and_observability_stand_at_the_bottom() -> None:
    """What everything imports imports next to nothing."""
    assert _broken("", "errors", "settings", "observability") == []


def test_only_settings_reads_the_environment() -> None:
    """One module knows the names of variables; all others are handed values."""
    readers = {place.split(":")[0] for module in shipped_modules() for place in environment_readers(module)}

    assert readers == {"commerce_sync.settings"}


def test_nothing_is_opened_while_a_module_is_imported() -> None:
    """A client, a secret or a setting is made when the first request needs it."""
    assert [place for module in shipped_modules() for place in opened_at_import(module)] == []


PLANTED = {
    "a slice takes boto3": ("commerce_sync.delivery.x", "import boto3"),
    "a slice takes botocore inside a function": (
        "commerce_sync.identity.x",
        "def f():\n    from botocore import session",
    ),
    "a slice takes requests": ("commerce_sync.profiles.x", "import requests.adapters as a"),
    "a slice takes Powertools": ("commerce_sync.intake.x", "from aws_lambda_powertools import Logger"),
    "a slice takes another slice": ("commerce_sync.delivery.x", "from commerce_sync.identity import resolve"),
    "a slice takes another slice by a relative import": ("commerce_sync.delivery.x", "from ..identity import resolve"),
    "a slice takes another slice through the package": (
        "commerce_sync.delivery.x",
        "from commerce_sync import identity",
    ),
    "a slice takes an adapter": ("commerce_sync.delivery.x", "from commerce_sync.aws.clients import client"),
    "a slice takes the settings": ("commerce_sync.operating.x", "from commerce_sync.settings import settings_for"),
    "a slice opens a socket": ("commerce_sync.delivery.x", "import socket"),
    "a slice fetches an address": ("commerce_sync.intake.x", "from urllib.request import urlopen"),
    "a slice hides behind a type check": (
        "commerce_sync.delivery.x",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import boto3",
    ),
    "a slice makes up a name": ("commerce_sync.delivery.x", "import importlib\nimportlib.import_module('bo' + 'to3')"),
    "the intake takes pydantic": ("commerce_sync.webhooks.x", "import pydantic"),
    "the intake takes a contract": ("commerce_sync.webhooks.x", "from commerce_sync.contracts import Envelope"),
    "a contract takes msgspec": ("commerce_sync.contracts.x", "import msgspec"),
    "a contract takes a slice": ("commerce_sync.contracts.x", "import commerce_sync.intake"),
    "an AWS adapter takes a slice": ("commerce_sync.aws.x", "from commerce_sync.delivery.order_book import fold"),
    "an AWS adapter takes pydantic": ("commerce_sync.aws.x", "import pydantic"),
    "a vendor takes boto3": ("commerce_sync.vendors.x", "import boto3"),
    "a vendor takes a slice": ("commerce_sync.vendors.hubspot.x", "from commerce_sync.profiles import klaviyo_profile"),
    "the layer takes a function": ("commerce_sync.aws.x", "from functions.operations.app import handler"),
    "a function takes a function": ("functions.operations.app", "import functions.profile_sync.app"),
    "the errors take the settings": ("commerce_sync.errors", "from commerce_sync import settings"),
}


@pytest.mark.parametrize(("name", "text"), PLANTED.values(), ids=PLANTED)
def test_the_checker_catches_a_planted_import(name: str, text: str) -> None:
    """A rule that cannot be seen to fail holds nothing."""
    assert len(broken_rules(Module(name, text))) == 1


def test_the_checker_lets_allowed_imports_pass() -> None:
    """The rules forbid no more than the table does."""
    text = "import json\nimport phonenumbers\nfrom commerce_sync.contracts import Person\nfrom .text import visible"

    assert broken_rules(Module("commerce_sync.identity.x", text)) == []


@pytest.mark.parametrize(
    "text",
    [
        "import os\nos.environ['A']",
        "import os as o\no.getenv('A')",
        "from os import environ",
        "from os import getenv as g",
    ],
)
def test_the_checker_catches_a_planted_reader_of_the_environment(text: str) -> None:
    """However the environment is spelled, the second reader is seen."""
    assert environment_readers(Module("commerce_sync.delivery.x", text)) != []


@pytest.mark.parametrize(
    "text",
    [
        "import boto3\nTABLE = boto3.resource('dynamodb').Table('t')",
        "from commerce_sync.aws.clients import client\nS3 = client('s3')",
        "from commerce_sync.aws.archive import Archive as A\nARCHIVE = A('bucket')",
        "from commerce_sync.settings import settings_for\nclass C:\n    settings = settings_for(int)",
        "import requests\ndef call(session=requests.Session()): ...",
        "NAMES = [open(name) for name in 'ab']",
    ],
)
def test_the_checker_catches_a_planted_client(text: str) -> None:
    """Whether in a constant, a class, a default or a comprehension, opening at import time is seen."""
    assert len(opened_at_import(Module("functions.x.app", text))) >= 1


def test_the_checker_lets_a_function_open_what_it_needs() -> None:
    """Opening is fine where it happens on the first call."""
    text = "import boto3\ndef first():\n    return boto3.client('s3')\nlate = lambda: boto3.client('sqs')"

    assert opened_at_import(Module("functions.x.app", text)) == []
