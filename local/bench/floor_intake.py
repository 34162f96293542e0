"""The floor: the intake's first request by hand, with the standard library alone, over TLS as AWS wants it.

Reads the secret, verifies, wraps, sends: two calls signed with a hand-made SigV4 over http.client. It has no retries,
no credential chain, no endpoint rules, no envelope module: what it leaves out is what the libraries are paid for.
"""

import base64
import hashlib
import hmac
import http.client
import json
import os
import sys
import time
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

OK = 200


def call(service: str, target: str, content_type: str, body: bytes) -> dict[str, Any]:
    """One signed call."""
    endpoint = urlsplit(os.environ["AWS_ENDPOINT_URL"])
    now = time.gmtime()
    moment, day = time.strftime("%Y%m%dT%H%M%SZ", now), time.strftime("%Y%m%d", now)
    headers = {"content-type": content_type, "host": endpoint.netloc, "x-amz-date": moment, "x-amz-target": target}
    signed = ";".join(sorted(headers))
    lines = "".join(f"{name}:{headers[name]}\n" for name in sorted(headers))
    request = f"POST\n/\n\n{lines}\n{signed}\n{hashlib.sha256(body).hexdigest()}"
    scope = f"{day}/us-east-1/{service}/aws4_request"
    text = f"AWS4-HMAC-SHA256\n{moment}\n{scope}\n{hashlib.sha256(request.encode()).hexdigest()}"
    key = b"AWS4" + os.environ["AWS_SECRET_ACCESS_KEY"].encode()
    for part in (day, "us-east-1", service, "aws4_request"):
        key = hmac.digest(key, part.encode(), "sha256")
    signature = hmac.new(key, text.encode(), "sha256").hexdigest()
    access = os.environ["AWS_ACCESS_KEY_ID"]
    headers["authorization"] = (
        f"AWS4-HMAC-SHA256 Credential={access}/{scope}, SignedHeaders={signed}, Signature={signature}"
    )
    connection = http.client.HTTPSConnection(endpoint.netloc, timeout=5)
    connection.request("POST", "/", body, headers)
    answer: dict[str, Any] = json.loads(connection.getresponse().read())
    return answer


def handler(event: dict[str, Any]) -> dict[str, Any]:
    """Verify and send."""
    body = base64.b64decode(event["body"])
    answer = call(
        "secretsmanager",
        "secretsmanager.GetSecretValue",
        "application/x-amz-json-1.1",
        json.dumps({"SecretId": os.environ["SIGNING_SECRETS_ID"]}).encode(),
    )
    secret = json.loads(answer["SecretString"])["shopify"]["us"][0]
    expected = hmac.digest(secret.encode(), body, "sha256")
    if not hmac.compare_digest(expected, base64.b64decode(event["headers"]["x-shopify-hmac-sha256"])):
        return {"statusCode": 401}
    message = json.dumps({"source": "shopify", "id": hashlib.sha256(body).hexdigest(), "body": body.decode()})
    sent = {"QueueUrl": os.environ["INBOUND_QUEUE_URL"], "MessageBody": message}
    call("sqs", "AmazonSQS.SendMessage", "application/x-amz-json-1.0", json.dumps(sent).encode())
    return {"statusCode": 200}


if __name__ == "__main__":
    status = handler(json.loads(Path(sys.argv[1]).read_text()))["statusCode"]
    print(Path("/proc/self/status").read_text())
    sys.exit(status != OK)
