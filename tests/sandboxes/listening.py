"""Listens for webhooks on loopback, as the intake would."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer


@dataclass
class Heard:
    """The requests that came, and what they are answered: 200 once ``failures`` are used up."""

    url: str = ""
    failures: int = 0
    requests: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)

    def wait_for(self, count: int, patience: float = 5.0) -> list[tuple[dict[str, str], bytes]]:
        """That many requests, or an error after some seconds."""
        wait_until(lambda: len(self.requests) >= count, patience)
        return self.requests


def wait_until(holds: Callable[[], bool], patience: float = 5.0) -> None:
    """Wait until something holds, or fail after some seconds."""
    deadline = time.monotonic() + patience
    while not holds():
        assert time.monotonic() < deadline, "it never came"
        time.sleep(0.01)


@contextmanager
def listening() -> Iterator[Heard]:
    """A listener on a free port."""
    heard = Heard()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            heard.paths.append(self.path)
            heard.requests.append(({name.lower(): value for name, value in self.headers.items()}, body))
            heard.failures -= 1
            self.send_response(500 if heard.failures >= 0 else 200)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 # the base class's name
            """Nothing is printed."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    heard.url = f"http://127.0.0.1:{server.server_port}/webhooks"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield heard
    server.shutdown()
    thread.join()
    server.server_close()
