"""The two calls that the intake's cold start pays for, signed by botocore and sent by urllib3, without a client.

Making a botocore client reads service models and endpoint rules: more CPU than everything else that the intake does.
A send and a secret need neither. Credentials are those that Lambda puts in the environment, so this is not for
SnapStart, which hands them out otherwise. Everything else goes through :mod:`commerce_sync.aws.clients`.
"""

import json
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

import urllib3
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest

from commerce_sync.errors import RetriableError
from commerce_sync.settings import aws_surroundings

Transport = Callable[[str, Mapping[str, str], bytes], tuple[int, bytes]]
PROTOCOLS = {"sqs": "application/x-amz-json-1.0", "secretsmanager": "application/x-amz-json-1.1"}
PASSING = (429, 500, 502, 503, 504)
OK = 200


def send_message(queue_url: str, body: str) -> None:
    """Put one message on a queue.

    :raises RetriableError: SQS did not take it, after retries. The sender must try again.
    """
    _call("sqs", "AmazonSQS.SendMessage", {"QueueUrl": queue_url, "MessageBody": body})


def secret_value(secret_id: str) -> str:
    """The text of a secret.

    :raises RetriableError: Secrets Manager did not tell it, after retries.
    """
    answer = _call("secretsmanager", "secretsmanager.GetSecretValue", {"SecretId": secret_id})
    return str(answer["SecretString"])


def use_transport(transport: Transport | None) -> None:
    """Send by something else than the network from now on, or by the network again."""
    _transport.cache_clear()
    _chosen[:] = [transport] if transport else []


_chosen: list[Transport] = []


def _call(service: str, target: str, payload: Mapping[str, Any]) -> dict[str, Any]:
    surroundings = aws_surroundings()
    url = surroundings.endpoint_url or f"https://{service}.{surroundings.region}.{surroundings.url_suffix}"
    body = json.dumps(payload).encode()
    headers = {"Content-Type": PROTOCOLS[service], "X-Amz-Target": target}
    request = AWSRequest("POST", url, headers, body)
    SigV4Auth(surroundings, service, surroundings.region).add_auth(request)
    try:
        status, answer = _transport()(url, dict(request.headers.items()), body)
    except urllib3.exceptions.HTTPError as error:
        raise RetriableError(f"{service} gave no answer ({type(error).__name__})") from None
    if status != OK:
        raise RetriableError(f"{service} answered {status}")
    parsed: dict[str, Any] = json.loads(answer)
    return parsed


@cache
def _transport() -> Transport:
    if _chosen:
        return _chosen[0]
    retries = urllib3.Retry(
        3, status_forcelist=PASSING, allowed_methods=None, backoff_factor=0.1, raise_on_status=False
    )
    pool = urllib3.PoolManager(timeout=urllib3.Timeout(connect=2, read=5), retries=retries)

    def send(url: str, headers: Mapping[str, str], body: bytes) -> tuple[int, bytes]:
        response = pool.request("POST", url, headers=headers, body=body)
        return response.status, response.data

    return send
