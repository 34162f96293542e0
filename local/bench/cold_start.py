"""The intake's cold start: whole-process CPU from nothing to the first answer, against the hand-made floor."""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median
from typing import Any

from local.bench.stub_aws import start_stub
from local.places import BUILD, ROOT

RUNS = 9
PEAK = re.compile(r"VmHWM:\s+(\d+) kB")
EVENT = ROOT / "events" / "webhook_intake" / "shopify_orders_create.json"
FIRST_REQUEST = """
import json, sys
sys.path[:0] = sys.argv[2:]
import app
answer = app.handler(json.load(open(sys.argv[1])), None)
print(open("/proc/self/status").read())
sys.exit(answer["statusCode"] != 200)
"""


def measure_cold_start() -> dict[str, Any]:
    """Medians of interleaved runs, the first of each thrown away. Needs ``make build``."""
    with tempfile.TemporaryDirectory() as scratch:
        server, certificate = start_stub(Path(scratch))
        try:
            bare = _without_bytecode(Path(scratch))
            commands = {
                "floor": [str(ROOT / "local" / "bench" / "floor_intake.py"), str(EVENT)],
                "intake": ["-c", FIRST_REQUEST, str(EVENT), *_path(BUILD)],
                "intake without bytecode": ["-c", FIRST_REQUEST, str(EVENT), *_path(bare)],
            }
            samples = _interleaved(commands, f"https://127.0.0.1:{server.server_port}", certificate)
        finally:
            server.shutdown()
    cpu = {name: median(sample[0] for sample in measured[1:]) for name, measured in samples.items()}
    memory = {name: max(sample[1] for sample in measured[1:]) for name, measured in samples.items()}
    return {
        "cpu_milliseconds": {name: round(value * 1000, 1) for name, value in cpu.items()},
        "peak_megabytes": {name: round(value, 1) for name, value in memory.items()},
        "ratio_to_floor": round(cpu["intake"] / cpu["floor"], 2),
        "ratio_to_floor_without_bytecode": round(cpu["intake without bytecode"] / cpu["floor"], 2),
        "limits": {"ratio_to_floor": 4.0, "peak_megabytes": 45},
    }


def _path(build: Path) -> list[str]:
    layers = [build / "SharedLayer" / "python", build / "DependenciesLayer" / "python"]
    return [str(folder) for folder in (build / "WebhookIntake", *layers)]


def _without_bytecode(scratch: Path) -> Path:
    ignore = shutil.ignore_patterns("__pycache__")
    for name in ("WebhookIntake", "SharedLayer", "DependenciesLayer"):
        shutil.copytree(BUILD / name, scratch / name, ignore=ignore)
    return scratch


def _interleaved(
    commands: dict[str, list[str]], endpoint: str, certificate: Path
) -> dict[str, list[tuple[float, float]]]:
    environment = {
        "AWS_ACCESS_KEY_ID": "local",
        "AWS_SECRET_ACCESS_KEY": "local",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_ENDPOINT_URL": endpoint,
        "INBOUND_QUEUE_URL": f"{endpoint}/1/inbound",
        "CONSENT_QUEUE_URL": f"{endpoint}/1/consent",
        "ARCHIVE_BUCKET": "archive",
        "SIGNING_SECRETS_ID": "signing",
        "AWS_CA_BUNDLE": str(certificate),
        "SSL_CERT_FILE": str(certificate),
        "PATH": os.environ["PATH"],
    }
    samples: dict[str, list[tuple[float, float]]] = {name: [] for name in commands}
    for _ in range(RUNS):
        for name, command in commands.items():
            samples[name].append(_run(command, environment))
    return samples


def _run(command: list[str], environment: dict[str, str]) -> tuple[float, float]:
    """CPU seconds and peak megabytes of one process."""
    with tempfile.TemporaryFile("w+") as output:
        process = subprocess.Popen([sys.executable, "-B", "-S", *command], env=environment, stdout=output)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            raise RuntimeError(f"{command[:1]} did not answer 200")
        output.seek(0)
        peak = PEAK.search(output.read())
    return usage.ru_utime + usage.ru_stime, int(peak[1]) / 1024 if peak else float("nan")
