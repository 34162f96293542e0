"""The least that answers as Secrets Manager and SQS do, over TLS as they do, for measuring what stands before them."""

import datetime as dt
import ipaddress
import json
import ssl
import threading
from hashlib import md5
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import certifi
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

LOOPBACK = "127.0.0.1"
SECRET = "shpss_sample_current"


class StubAws(BaseHTTPRequestHandler):
    """Answers every call at once."""

    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:  # the base class's name
        """One call."""
        sent = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        target = self.headers.get("X-Amz-Target", "")
        answer = _secret() if target.startswith("secretsmanager") else _message(sent)
        body = json.dumps(answer).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/x-amz-json-1.0")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_arguments: object) -> None:
        """Say nothing."""


def start_stub(folder: Path) -> tuple[ThreadingHTTPServer, Path]:
    """Serve on loopback until ``shutdown``; returns the server and what to trust: as much as on Lambda, and us."""
    certificate, key = _certificate(folder)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    server = ThreadingHTTPServer((LOOPBACK, 0), StubAws)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server, folder / "trusted.pem"


def _certificate(folder: Path) -> tuple[Path, Path]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, LOOPBACK)])
    now = dt.datetime.now(dt.UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now)
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(LOOPBACK))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    paths = folder / "certificate.pem", folder / "key.pem"
    paths[0].write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    private = serialization.PrivateFormat.PKCS8
    plain = serialization.NoEncryption()
    paths[1].write_bytes(key.private_bytes(serialization.Encoding.PEM, private, plain))
    trusted = folder / "trusted.pem"
    trusted.write_bytes(Path(certifi.where()).read_bytes() + paths[0].read_bytes())
    return paths


def _secret() -> dict[str, str]:
    secrets = json.dumps({"shopify": {"us": [SECRET]}})
    return {"ARN": "arn", "Name": "signing", "VersionId": "1", "SecretString": secrets}


def _message(sent: bytes) -> dict[str, str]:
    text = json.loads(sent).get("MessageBody", "")
    return {"MessageId": "1", "MD5OfMessageBody": md5(text.encode(), usedforsecurity=False).hexdigest()}
