"""Builds the real template and deploys it to the emulator with the real tools."""

import os
import platform
import subprocess
import sys
import time
from collections.abc import Mapping
from typing import Any

from local.emulator import CREDENTIALS, aws
from local.places import BUILD, ENVIRONMENTS, LOCAL, ROOT, STACK_NAME, TEMPLATE

SAM = str(ENVIRONMENTS / "sam" / "bin" / "sam")
RUNTIME = f"python3.{sys.version_info[1]}"
FUNCTIONS = (
    "WebhookIntake",
    "IdentityNormalization",
    "EventDelivery",
    "CurrencyRates",
    "EventValidation",
    "DueDispatch",
    "ProfileSync",
    "DeliveryVerification",
    "DuplicateAudit",
    "ContactSampling",
    "PrivacyRequests",
    "ConsentPropagation",
    "LedgerWatch",
    "LedgerAudit",
    "ChangePolling",
    "ConsentBaseline",
    "HistoryBackfill",
    "ReviewDigest",
    "Operations",
)
QUEUES = (
    *("Inbound", "ConsentInbound", "Events", "ProfileChanges", "DuplicateAudit", "Privacy"),
    *("OptOuts", "OptIns", "Baseline"),
)
TABLES = (
    *("IdentityTable", "OrderBookTable", "QuarantineTable", "TracesTable", "PrivacyTable"),
    *("LedgerTable", "HeadsTable", "ConsentOutboxTable", "SubjectKeysTable", "ControlTable"),
    *("RatesTable", "EventChecksTable", "BudgetTable"),
)


def snake_case(name: str) -> str:
    """``WebhookIntake`` as ``webhook_intake``."""
    return "".join(f"_{char.lower()}" if char.isupper() else char for char in name).lstrip("_")


def build() -> None:
    """``sam build`` for this machine's architecture and the chosen Python."""
    command = ["build", "--template-file", str(TEMPLATE), "--build-dir", str(BUILD), "--parallel"]
    command += ["--cached", "--cache-dir", str(LOCAL / f"cache-{RUNTIME}"), "--parameter-overrides", *_overrides({})]
    _sam(command, {"LAYER_PYTHON": RUNTIME, "CHECK_PYTHON": sys.executable})


def deploy(endpoint: str, parameters: Mapping[str, str]) -> dict[str, str]:
    """``sam deploy``; returns the stack's outputs."""
    command = ["deploy", "--template-file", str(BUILD / "template.yaml"), "--stack-name", STACK_NAME]
    command += ["--resolve-s3", "--capabilities", "CAPABILITY_IAM", "--no-confirm-changeset", "--no-progressbar"]
    command += ["--no-fail-on-empty-changeset", "--parameter-overrides", *_overrides(parameters)]
    _sam(command, {**CREDENTIALS, "AWS_ENDPOINT_URL": endpoint})
    return outputs(endpoint)


def outputs(endpoint: str) -> dict[str, str]:
    """What the stack says of itself."""
    stack = aws(endpoint, "cloudformation").describe_stacks(StackName=STACK_NAME)["Stacks"][0]
    return {output["OutputKey"]: output["OutputValue"] for output in stack["Outputs"]}


def change_parameters(endpoint: str, changed: Mapping[str, str]) -> None:
    """Change parameters of the deployed stack, as one does once the API's URL is known.

    :raises RuntimeError: the update did not complete.
    """
    cloudformation = aws(endpoint, "cloudformation")
    stack: dict[str, Any] = cloudformation.describe_stacks(StackName=STACK_NAME)["Stacks"][0]
    parameters = [
        {"ParameterKey": key, "ParameterValue": changed[key]}
        if (key := parameter["ParameterKey"]) in changed
        else {"ParameterKey": key, "UsePreviousValue": True}
        for parameter in stack["Parameters"]
    ]
    cloudformation.update_stack(
        StackName=STACK_NAME, UsePreviousTemplate=True, Parameters=parameters, Capabilities=["CAPABILITY_IAM"]
    )
    status = "IN_PROGRESS"
    while status.endswith("IN_PROGRESS"):
        time.sleep(0.1)
        status = cloudformation.describe_stacks(StackName=STACK_NAME)["Stacks"][0]["StackStatus"]
    if status != "UPDATE_COMPLETE":
        raise RuntimeError(f"the stack's update ended as {status}")


def _overrides(parameters: Mapping[str, str]) -> list[str]:
    architecture = "arm64" if platform.machine() in {"arm64", "aarch64"} else "x86_64"
    known = {"Architecture": architecture, "PythonRuntime": RUNTIME, **parameters}
    return [f"{name}={value}" for name, value in known.items()]


def _sam(arguments: list[str], environment: Mapping[str, str]) -> None:
    """Run the SAM CLI; its words are shown only when it fails."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    extra = {name: value for name, value in os.environ.items() if name.startswith(("UV_", "PIP_", "SSL_"))}
    result = subprocess.run(
        [SAM, *arguments],
        cwd=ROOT,
        env={**kept, **extra, "SAM_CLI_TELEMETRY": "0", **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if result.returncode:
        raise RuntimeError(f"sam {arguments[0]} failed:\n{result.stdout}\n{result.stderr}")
