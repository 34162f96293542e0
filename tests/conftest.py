"""What holds for every test: the network is closed, and nothing of this machine's AWS account is in reach."""

import os
from collections.abc import Generator
from functools import cache

import botocore.loaders
import hypothesis
import pytest
from pytest_socket import disable_socket, socket_allow_hosts

LOOPBACK = "127.0.0.1"
ENVIRONMENT = {
    "AWS_ACCESS_KEY_ID": "testing",
    "AWS_SECRET_ACCESS_KEY": "testing",
    "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_REGION": "us-east-1",
    "AWS_EC2_METADATA_DISABLED": "true",
    "AWS_CONFIG_FILE": os.devnull,
    "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
}
UNWANTED = ("AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_SESSION_TOKEN", "AWS_ENDPOINT_URL")

botocore.loaders.create_loader = cache(botocore.loaders.create_loader)
"""A test has clients of its own; what AWS's services look like is read from disk once for all of them."""

hypothesis.settings.register_profile("house", deadline=None, derandomize=True)
hypothesis.settings.load_profile("house")


def pytest_configure() -> None:
    """Credentials that open nothing, one region, and no setting of whoever runs the tests."""
    os.environ.update(ENVIRONMENT)
    for name in UNWANTED:
        os.environ.pop(name, None)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Long files first: two workers then end at about one time."""
    items.sort(key=lambda item: item.get_closest_marker("long") is None)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> Generator[None, object, object]:
    """Close the network before any fixture runs; a test marked ``network`` may reach this machine, and only it."""
    if item.get_closest_marker("network"):
        socket_allow_hosts([LOOPBACK], allow_unix_socket=True)
    else:
        disable_socket(allow_unix_socket=True)
    return (yield)
