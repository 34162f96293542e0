"""The AWS emulator, on loopback, with nothing of this machine's environment in it."""

import os
import urllib.request
from functools import cache
from typing import Any
from urllib.error import URLError

import boto3

from local.places import ENVIRONMENTS, LOOPBACK, REGION
from local.processes import free_port, scratch_folder, start, wait_until

CREDENTIALS = {"AWS_ACCESS_KEY_ID": "local", "AWS_SECRET_ACCESS_KEY": "local", "AWS_DEFAULT_REGION": REGION}


def start_emulator() -> str:
    """Start it; returns its endpoint."""
    port, scratch = free_port(), scratch_folder()
    endpoint = f"http://{LOOPBACK}:{port}"
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(scratch),
        "TMPDIR": str(scratch),
        "BIND_HOST": LOOPBACK,
        "GATEWAY_PORT": str(port),
        "IOT_MTLS_ENABLED": "0",
    }
    start("emulator", [str(ENVIRONMENTS / "emulator" / "bin" / "ministack")], environment)
    wait_until(lambda: _answers(f"{endpoint}/_ministack/health"), "the AWS emulator")
    return endpoint


@cache
def aws(endpoint: str, service: str) -> Any:
    """A client of the emulator."""
    return boto3.client(
        service,
        endpoint_url=endpoint,
        region_name=REGION,
        aws_access_key_id=CREDENTIALS["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=CREDENTIALS["AWS_SECRET_ACCESS_KEY"],
    )


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=1) as response:  # noqa: S310 # our own loopback address
            return bool(response.status == 200)  # noqa: PLR2004 # OK
    except (URLError, ConnectionError, TimeoutError):
        return False
