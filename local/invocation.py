"""``make invoke``: one function, one sample event, in this process. AWS is moto, the vendors are the sandboxes."""

import json
from pathlib import Path
from typing import Any

from local.in_process import LambdaContext, in_process_bundle
from local.sandboxes.server import start_sandboxes
from local.stack import LOCAL_PEPPERS, LOCAL_TOKENS, store_urls

SAMPLE_SECRETS = Path(__file__).parent.parent / "events" / "signing_secrets.json"
A_LONG_TIME = "10000000000"


def invoke_sample(function: str, event: Path) -> dict[str, Any]:
    """The function's answer to a sample event.

    Samples are signed with the sample secrets at the time they were made, so the window is open wide here.
    """
    payload = json.loads(event.read_text())
    sandboxes = start_sandboxes()
    parameters = {
        "KlaviyoBaseUrl": sandboxes.urls["klaviyo"],
        "HubSpotBaseUrl": sandboxes.urls["hubspot"],
        "EcbBaseUrl": sandboxes.urls["ecb"],
        "KlaviyoMode": "live",
        "HubSpotMode": "live",
        "PublicBaseUrl": "https://sync.example.com",
        "StoreBaseUrls": store_urls(sandboxes.urls),
        "BigCommerceWindowSeconds": A_LONG_TIME,
    }
    try:
        with in_process_bundle(parameters) as bundle:
            bundle.put_secret("SigningSecrets", json.loads(SAMPLE_SECRETS.read_text()))
            bundle.put_secret("VendorTokens", LOCAL_TOKENS)
            bundle.put_secret("Pepper", LOCAL_PEPPERS)
            with bundle.function(function, {"TIMESTAMP_TOLERANCE": A_LONG_TIME}) as module:
                answer = module.handler(payload, LambdaContext())
    finally:
        sandboxes.stop()
    return answer if isinstance(answer, dict) else {"answer": answer}
