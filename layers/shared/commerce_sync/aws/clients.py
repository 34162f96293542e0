"""One botocore client a service, made on first use. boto3 adds a fifth of the intake's cold start and nothing else.

The endpoint comes from ``AWS_ENDPOINT_URL``, which botocore reads itself.
"""

from functools import cache
from typing import Any

import botocore.session
from botocore.config import Config


@cache
def client(service: str) -> Any:
    """A client with short time-outs and botocore's standard retries: a Lambda has no time for the defaults."""
    config = Config(connect_timeout=2, read_timeout=10, retries={"mode": "standard", "total_max_attempts": 4})
    return _session().create_client(service, config=config)


@cache
def hasty_client(service: str) -> Any:
    """A client that gives up within a second or so, for what is better skipped than waited for."""
    config = Config(connect_timeout=0.3, read_timeout=0.5, retries={"mode": "standard", "total_max_attempts": 2})
    return _session().create_client(service, config=config)


@cache
def _session() -> botocore.session.Session:
    return botocore.session.get_session()


def forget_clients() -> None:
    """Make new clients from now on: credentials or endpoints have changed."""
    client.cache_clear()
    hasty_client.cache_clear()
    _session.cache_clear()
