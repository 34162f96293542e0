"""Serves the sandboxes on loopback, in this process."""

import threading
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from waitress import wasyncore
from waitress.server import create_server

from local.sandboxes.base import Clock, RequestLog, Sandbox
from local.sandboxes.bigcommerce import bigcommerce_sandbox
from local.sandboxes.ecb import ecb_sandbox
from local.sandboxes.hubspot import hubspot_sandbox
from local.sandboxes.klaviyo import klaviyo_sandbox
from local.sandboxes.recharge import recharge_sandbox
from local.sandboxes.shopify import shopify_sandbox
from local.sandboxes.woocommerce import woocommerce_sandbox

LOOPBACK = "127.0.0.1"
VENDORS = {
    "klaviyo": klaviyo_sandbox,
    "hubspot": hubspot_sandbox,
    "shopify": shopify_sandbox,
    "bigcommerce": bigcommerce_sandbox,
    "recharge": recharge_sandbox,
    "woocommerce": woocommerce_sandbox,
    "ecb": ecb_sandbox,
}


@dataclass(frozen=True)
class Sandboxes:
    """The running sandboxes by vendor, and where they listen."""

    by_vendor: dict[str, Sandbox]
    urls: dict[str, str]
    servers: list[Any]
    threads: list[threading.Thread]
    log: RequestLog

    @property
    def klaviyo(self) -> Sandbox:
        """Klaviyo."""
        return self.by_vendor["klaviyo"]

    @property
    def hubspot(self) -> Sandbox:
        """HubSpot."""
        return self.by_vendor["hubspot"]

    @property
    def shopify(self) -> Sandbox:
        """Shopify."""
        return self.by_vendor["shopify"]

    @property
    def bigcommerce(self) -> Sandbox:
        """BigCommerce."""
        return self.by_vendor["bigcommerce"]

    @property
    def recharge(self) -> Sandbox:
        """Recharge."""
        return self.by_vendor["recharge"]

    @property
    def woocommerce(self) -> Sandbox:
        """WooCommerce."""
        return self.by_vendor["woocommerce"]

    @property
    def ecb(self) -> Sandbox:
        """The European Central Bank."""
        return self.by_vendor["ecb"]

    def stop(self) -> None:
        """Stop serving."""
        for sandbox in self.by_vendor.values():
            close = getattr(sandbox.state, "close", None)
            if close:
                close()
        for server in self.servers:
            with server.trigger.lock:  # else a server that is awake anyway closes its trigger before it is pulled
                server.trigger.thunks.append(partial(wasyncore.close_all, server._map, ignore_all=True))  # noqa: SLF001
                server.trigger.pull_trigger()
        for thread in self.threads:
            thread.join(timeout=5)
        for server in self.servers:
            server.task_dispatcher.shutdown()
        self.log.close()


def start_sandboxes(log: Path | None = None, ports: dict[str, int] | None = None) -> Sandboxes:
    """Start every sandbox, on the given ports or on free ones."""
    request_log, clock = RequestLog(log), Clock()
    sandboxes = {vendor: make(request_log, clock) for vendor, make in VENDORS.items()}
    servers: dict[str, Any] = {
        vendor: create_server(
            sandbox.app,
            host=LOOPBACK,
            port=(ports or {}).get(vendor, 0),
            threads=8,
            connection_limit=1000,
            clear_untrusted_proxy_headers=True,
        )
        for vendor, sandbox in sandboxes.items()
    }
    threads = [threading.Thread(target=server.run, daemon=True) for server in servers.values()]
    for thread in threads:
        thread.start()
    urls = {vendor: f"http://{LOOPBACK}:{server.effective_port}" for vendor, server in servers.items()}
    return Sandboxes(sandboxes, urls, list(servers.values()), threads, request_log)
