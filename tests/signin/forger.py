"""A provider of our own that answers whatever a test tells it to: for tokens that no honest provider would make."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import hmac
import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey

ACCESS_TOKEN = "access"


def half_hash(text: str) -> str:
    """The left half of the SHA-256, as ``at_hash`` wants it."""
    return base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()[:16]).rstrip(b"=").decode()


@dataclass
class Forger:
    """Where it answers, with which keys, and the token that it gives next."""

    issuer: str = ""
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "one", "use": "sig"}))
    token: Callable[[], str] | None = None
    answers: dict[str, tuple[int, bytes]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    posted: list[dict[str, list[str]]] = field(default_factory=list)
    published: list[dict[str, Any]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.published = [self.key.as_dict(private=False)]

    def sign(self, claims: dict[str, Any], *, key: Any = None, alg: str = "RS256", kid: str = "one") -> str:
        """A token with these claims."""
        return jwt.encode({"alg": alg, "kid": kid}, claims, key or self.key, algorithms=[alg])

    def unsigned(self, claims: dict[str, Any]) -> str:
        """A token that says that it needs no signature."""
        parts = ({"alg": "none", "typ": "JWT"}, claims)
        coded = [base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode() for part in parts]
        return ".".join([*coded, ""])

    def signed_with_what_everybody_knows(self, claims: dict[str, Any]) -> str:
        """A token whose password is our public key."""
        public = self.key.as_pem(private=False)
        header = base64.urlsafe_b64encode(json.dumps({"alg": "HS256", "kid": "one"}).encode()).rstrip(b"=")
        body = base64.urlsafe_b64encode(json.dumps(claims).encode()).rstrip(b"=")
        mac = hmac.digest(public, header + b"." + body, "sha256")
        return b".".join([header, body, base64.urlsafe_b64encode(mac).rstrip(b"=")]).decode()


OTHER_KEY = RSAKey.generate_key(2048, {"kid": "one", "use": "sig"})
CURVE_KEY = ECKey.generate_key("P-256", {"kid": "curve", "use": "sig"})


@contextlib.contextmanager
def forging() -> Iterator[Forger]:
    """Answer on a free port of this machine."""
    forger = Forger()

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
            """Nothing to print."""

        def do_GET(self) -> None:
            path = urlsplit(self.path).path
            forger.asked.append(path)
            if path in forger.answers:
                return self._give(*forger.answers[path])
            if path.endswith("openid-configuration"):
                return self._give(200, json.dumps(_metadata(forger.issuer)).encode())
            if path == "/op/keys":
                return self._give(200, json.dumps({"keys": forger.published}).encode())
            return self._give(404, b"{}")

        def do_POST(self) -> None:
            path = urlsplit(self.path).path
            forger.asked.append(path)
            forger.posted.append(parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode()))
            if path in forger.answers:
                return self._give(*forger.answers[path])
            assert forger.token is not None
            given = {"access_token": ACCESS_TOKEN, "token_type": "Bearer", "id_token": forger.token()}
            return self._give(200, json.dumps(given).encode())

        def _give(self, status: int, content: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    forger.issuer = f"http://127.0.0.1:{server.server_port}/op"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield forger
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _metadata(issuer: str) -> dict[str, Any]:
    return {
        "issuer": issuer,
        "authorization_endpoint": f"{issuer}/auth",
        "token_endpoint": f"{issuer}/token",
        "jwks_uri": f"{issuer}/keys",
        "end_session_endpoint": f"{issuer}/logout",
    }
