"""Every setting of every function, and the only reader of the environment.

A settings class names the variables it needs in capitals; :func:`settings_for` reads them when a function
starts, so that nothing at import time does. Missing or malformed variables refuse to start, closed.
"""

import os
from dataclasses import MISSING, fields
from functools import cache
from typing import Any, TypeVar

from commerce_sync.errors import ConfigurationError

Settings = TypeVar("Settings")
READERS: dict[Any, Any] = {str: str, int: int, float: float, bool: lambda text: text.lower() == "true"}


class AwsSurroundings:
    """What Lambda says of where a function runs and as whom. ``access_key``, ``secret_key`` and ``token`` sign."""

    def __init__(self) -> None:
        self.region = os.environ["AWS_DEFAULT_REGION"]
        self.endpoint_url = os.environ.get("AWS_ENDPOINT_URL", "")
        self.url_suffix = os.environ.get("AWS_URL_SUFFIX", "amazonaws.com")
        self.access_key = os.environ["AWS_ACCESS_KEY_ID"]
        self.secret_key = os.environ["AWS_SECRET_ACCESS_KEY"]
        self.token = os.environ.get("AWS_SESSION_TOKEN") or None


def aws_surroundings() -> AwsSurroundings:
    """Read anew each time: credentials may be exchanged while a process lives."""
    return AwsSurroundings()


def metrics_namespace() -> str:
    """Where this environment's metrics stand."""
    return os.environ.get("METRICS_NAMESPACE", "CommerceSync")


@cache
def settings_for(model: type[Settings]) -> Settings:
    """Read one function's settings from the environment.

    :raises ConfigurationError: naming the variable that is missing or malformed, never its value.
    """
    values: dict[str, Any] = {}
    for field in fields(model):  # type: ignore[arg-type] # the classes above are dataclasses
        text = os.environ.get(field.name.upper(), "")
        if text:
            values[field.name] = _read(field.name, field.type, text)
        elif field.default is MISSING:
            raise ConfigurationError(f"the environment variable {field.name.upper()} is not set")
    return model(**values)


def _read(name: str, kind: Any, text: str) -> Any:
    try:
        return READERS[kind](text)
    except ValueError as error:
        raise ConfigurationError(f"the environment variable {name.upper()} is not a {kind.__name__}") from error
