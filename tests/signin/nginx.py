"""The shipped configuration on a real nginx, run as an ordinary child process on a free port."""

from __future__ import annotations

import contextlib
import http.client
import os
import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from tests.signin.cards import Hierarchy, Holder, _made, name, usage
from tests.signin.provider import free_port

DEPLOY = Path(__file__).resolve().parents[2] / "deploy" / "nginx"
HOST, EID_HOST = "localhost", "eid.localhost"


@dataclass(frozen=True)
class Nginx:
    """Where it answers, and how to speak to it."""

    port: int
    folder: Path
    secret: str
    host: str
    eid_host: str

    @property
    def address(self) -> str:
        """Of the platform."""
        return f"https://{self.host}:{self.port}"

    @property
    def eid_address(self) -> str:
        """Of the page that reads cards."""
        return f"https://{self.eid_host}:{self.port}"

    def get(
        self,
        path: str,
        *,
        host: str,
        sni: str | None = None,
        card: tuple[Path, Path] | None = None,
        headers: dict[str, str] | None = None,
        raw: str = "",
    ) -> tuple[int, dict[str, str], str]:
        """Ask for a page, with a card when there is one: status, headers, text. ``raw``: header lines as they are."""
        context = ssl.create_default_context(cafile=str(self.folder / "server-root.pem"))
        if card:
            context.load_cert_chain(*card)
        with (
            socket.create_connection(("127.0.0.1", self.port), timeout=10) as plain,
            context.wrap_socket(plain, server_hostname=sni or host) as secure,
        ):
            lines = [f"GET {path} HTTP/1.1", f"Host: {host}:{self.port}", "Connection: close"]
            lines += [f"{key}: {value}" for key, value in (headers or {}).items()]
            secure.sendall(("\r\n".join(lines) + "\r\n" + raw + "\r\n").encode())
            answer = http.client.HTTPResponse(secure)
            answer.begin()
            text = answer.read().decode()
            return answer.status, {key.lower(): value for key, value in answer.getheaders()}, text


def program() -> str:
    """The distribution's own nginx."""
    found = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
    assert found, "no nginx: ./kmo test installs it, or says how"
    return found


def _server_certificate(root: Holder, hierarchy: Hierarchy) -> Holder:
    names = [x509.DNSName(HOST), x509.DNSName(EID_HOST), x509.IPAddress(ip_address("127.0.0.1"))]
    extensions: list[tuple[x509.ExtensionType, bool]] = [
        (x509.SubjectAlternativeName(names), False),
        (usage(digital_signature=True), True),
        (x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), False),
    ]
    subject = name((NameOID.COMMON_NAME, HOST))
    now = hierarchy.now
    return _made(subject, root, extensions, from_day=now - timedelta(days=1), until=now + timedelta(days=30))


def fill(folder: Path, *, upstream: str, port: int, hierarchy: Hierarchy, host: str, eid_host: str) -> None:
    """Fill the shipped template in by the shipped script."""
    servers = Hierarchy(now=hierarchy.now)
    (folder / "server-root.pem").write_text(servers.root.pem)
    certificate, key = _server_certificate(servers.root, hierarchy).write(folder, "server")
    trust = hierarchy.write(folder / "trust")
    environment = {
        "PATH": os.environ["PATH"],
        "PUBLIC_ADDRESS": f"https://{host}:{port}",
        "EID_HOST": eid_host,
        "PORT": str(port),
        "UPSTREAM": upstream,
        "LOGS": str(folder),
        "TLS_CERTIFICATE": str(certificate),
        "TLS_KEY": str(key),
        "EID_AUTHORITIES": str(trust / "authorities.pem"),
        "EID_SECRET_FILE": str(folder / "eid-secret"),
    }
    subprocess.run([str(DEPLOY / "fill.sh"), str(folder)], env=environment, check=True, timeout=30)


def _around(folder: Path) -> str:
    """What a distribution's own nginx.conf says around it, with every folder inside ours."""
    user = "user root;\n" if os.geteuid() == 0 else ""
    temporary = "\n".join(
        f"{kind}_temp_path {folder}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    return (
        f"{user}daemon off;\nworker_processes 1;\npid {folder}/pid;\nerror_log {folder}/error.log info;\n"
        f"events {{}}\nhttp {{\n{temporary}\naccess_log off;\ninclude {folder}/portefeuille.conf;\n}}\n"
    )


@contextlib.contextmanager
def running(
    folder: Path, *, upstream: str, hierarchy: Hierarchy, host: str = HOST, eid_host: str = EID_HOST
) -> Iterator[Nginx]:
    """Start it before this upstream (host:port), and stop it."""
    port = free_port()
    fill(folder, upstream=upstream, port=port, hierarchy=hierarchy, host=host, eid_host=eid_host)
    (folder / "nginx.conf").write_text(_around(folder))
    command = [program(), "-p", str(folder), "-c", str(folder / "nginx.conf")]
    with (folder / "output").open("wb") as output:
        process = subprocess.Popen(command, stdout=output, stderr=output)
    try:
        patience = time.monotonic() + 20
        while True:
            assert process.poll() is None, (folder / "output").read_text()
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
                break
            assert time.monotonic() < patience, (folder / "error.log").read_text()
            time.sleep(0.05)
        yield Nginx(port, folder, (folder / "eid-secret").read_text(), host, eid_host)
    finally:
        process.terminate()
        process.wait(20)
