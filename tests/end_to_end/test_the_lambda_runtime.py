"""Each built function under Lambda's own runtime client, with only its layers to import: no requirement hides."""

import json
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.metadata import distribution
from importlib.util import MAGIC_NUMBER
from pathlib import Path
from typing import Any, ClassVar

import pytest

from local import deployment
from local.in_process import in_process_bundle
from local.places import BUILD, ROOT

pytestmark = pytest.mark.network

CLIENT = ("awslambdaric", "simplejson", "snapshot-restore-py")
UNCHECKED_HASH = 1
FUNCTIONS = {deployment.snake_case(name): name for name in deployment.FUNCTIONS}


class RuntimeApi(BaseHTTPRequestHandler):
    """Hands out one invocation and takes its answer."""

    event: ClassVar[bytes] = b"{}"
    answers: ClassVar[list[tuple[str, Any]]] = []
    answered: ClassVar[threading.Event] = threading.Event()

    def do_GET(self) -> None:  # the base class's name
        """The next invocation; after the answer there is none."""
        if self.answered.is_set():
            threading.Event().wait(30)
        self.send_response(200)
        self.send_header("Lambda-Runtime-Aws-Request-Id", "00000000-0000-4000-8000-000000000000")
        self.send_header("Lambda-Runtime-Deadline-Ms", "9999999999999")
        self.send_header("Lambda-Runtime-Invoked-Function-Arn", "arn:aws:lambda:us-east-1:123456789012:function:f")
        self.send_header("Lambda-Runtime-Trace-Id", "Root=1-5e1b4151-43a0913a12345678901234567")
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(self.event)))
        self.end_headers()
        self.wfile.write(self.event)

    def do_POST(self) -> None:  # the base class's name
        """A response or an error."""
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.answers.append((self.path, body))
        self.answered.set()
        self.send_response(202)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_arguments: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The runtime client alone."""
    folder = tmp_path_factory.mktemp("client")
    deployment.build()
    for name in CLIENT:
        for file in distribution(name).files or []:
            source = Path(str(distribution(name).locate_file(file)))
            if source.suffix != ".pyc" and source.is_file() and ".." not in str(file):
                target = folder / str(file)
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(source, target)
    return folder


@contextmanager
def runtime_api(event: bytes) -> Iterator[ThreadingHTTPServer]:
    """A runtime API for one invocation."""
    RuntimeApi.event, RuntimeApi.answered = event, threading.Event()
    RuntimeApi.answers.clear()
    server = ThreadingHTTPServer(("127.0.0.1", 0), RuntimeApi)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()


@pytest.mark.parametrize("name", sorted(FUNCTIONS))
def test_a_function_starts_with_its_layers_alone(name: str, client: Path) -> None:
    """It imports and reaches AWS: without any AWS to reach, it fails there and nowhere before."""
    with in_process_bundle() as bundle:
        variables = bundle.environment(FUNCTIONS[name])
    layers = [str(BUILD / layer / "python") for layer in ("SharedLayer", "DependenciesLayer")]
    sample = min((ROOT / "events" / name).glob("*.json")).read_bytes()
    with runtime_api(sample) as server:
        environment = {
            **variables,
            "PYTHONPATH": os.pathsep.join([str(BUILD / FUNCTIONS[name]), *layers, str(client)]),
            "AWS_LAMBDA_RUNTIME_API": f"127.0.0.1:{server.server_port}",
            "AWS_LAMBDA_FUNCTION_NAME": name,
            "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "512",
            "AWS_LAMBDA_FUNCTION_VERSION": "1",
            "AWS_DEFAULT_REGION": "us-east-1",
            "AWS_REGION": "us-east-1",
            "AWS_ACCESS_KEY_ID": "local",
            "AWS_SECRET_ACCESS_KEY": "local",
            "AWS_ENDPOINT_URL": "http://127.0.0.1:9",
            "_HANDLER": "app.handler",
            "LAMBDA_TASK_ROOT": str(BUILD / FUNCTIONS[name]),
        }
        command = [sys.executable, "-S", "-m", "awslambdaric", "app.handler"]
        process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            assert RuntimeApi.answered.wait(60), f"no answer; the process ended with {process.poll()}"
        finally:
            process.kill()
            process.communicate()
    path, answer = RuntimeApi.answers[0]
    assert "init/error" not in path, answer
    assert answer.get("errorType") not in {"Runtime.ImportModuleError", "ModuleNotFoundError", "ImportError"}, answer
    assert answer.get("errorType") not in {"ConfigurationError", "NameError", "AttributeError", "TypeError"}, answer


def test_every_module_of_the_layers_ships_its_bytecode(client: Path) -> None:
    """A compiled file beside each source, by this runtime's Python, whose source is never checked."""
    assert client.exists()
    modules = [path for layer in ("SharedLayer", "DependenciesLayer") for path in (BUILD / layer).rglob("*.py")]
    assert len(modules) > 500
    for module in modules:
        compiled = module.parent / "__pycache__" / f"{module.stem}.{sys.implementation.cache_tag}.pyc"
        header = compiled.read_bytes()[:8]
        assert header[:4] == MAGIC_NUMBER, module
        assert header[4] & UNCHECKED_HASH, module


def test_the_layers_serve_both_architectures_and_stay_small(client: Path) -> None:
    """Compiled modules for each stand side by side; function plus layers stay under 150 MB."""
    assert client.exists()
    native = [path.name for path in (BUILD / "DependenciesLayer").rglob("*.so")]
    arm, intel = ([name for name in native if architecture in name] for architecture in ("aarch64", "x86_64"))
    assert len(arm) == len(intel) > 0
    size = sum(
        path.stat().st_size for layer in ("SharedLayer", "DependenciesLayer") for path in (BUILD / layer).rglob("*")
    )
    assert size < 150 * 1024 * 1024
