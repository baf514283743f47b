"""OpenID Connect as the Flemish access management (ACM/IDM) speaks it: code flow, PKCE, and a key for a password.

What comes back is believed only when every check holds: our own state, a signature by a key that the provider
publishes, issuer, audience, times, our nonce, and the hash that ties it to the answer of the token endpoint. Whatever
fails, nobody is signed in. Source: OpenID Connect Core 1.0, 3.1.3; formats: ACM's own documentation of its claims.
"""

from __future__ import annotations

import base64
import json
import logging
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import requests
from authlib.integrations.base_client import OAuthError
from authlib.integrations.requests_client import OAuth2Session
from authlib.oauth2.rfc7523 import PrivateKeyJWT
from authlib.oidc.core import CodeIDToken
from django.conf import settings
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, KeySet, RSAKey

from portefeuille.core.errors import Refusal

log = logging.getLogger(__name__)

TIMEOUT_SECONDS = 5
CLOCKS_DIFFER = 30  # seconds
ATTEMPT_LASTS = timedelta(minutes=10)
REFRESH_AFTER = timedelta(hours=1)
REFRESH_AT_MOST_EVERY = timedelta(minutes=1)  # when a key is not among those we know
_SIGNATURES = ["RS256", "PS256", "ES256"]  # with a pair of keys only: what everybody can read signs nothing
_LARGEST_ANSWER = 1_000_000  # bytes


class SignInFailed(Refusal):
    """Nobody was signed in. ``why`` is one word for the log; the sentence is for the person."""

    def __init__(self, why: str, sentence: str) -> None:
        super().__init__(sentence)
        self.why = why


def _odd(why: str) -> SignInFailed:
    return SignInFailed(
        why,
        "We kregen een antwoord dat niet klopt, en hebben je daarom niet aangemeld. "
        "Probeer het opnieuw. Lukt het weer niet, kies dan een andere manier.",
    )


def _down(why: str) -> SignInFailed:
    return SignInFailed(
        why,
        "De Vlaamse overheid antwoordt nu niet. Het ligt niet aan jou. "
        "Probeer het straks opnieuw, of kies een andere manier om je aan te melden.",
    )


@dataclass(frozen=True, slots=True)
class Client:
    """Who we are at the provider, and where it sends people back."""

    issuer: str
    client_id: str
    key_file: Path
    scope: str
    redirect_uri: str

    def key(self) -> ECKey | RSAKey:
        """Our private key, whose public half the provider knows."""
        pem = self.key_file.read_bytes()
        try:
            return ECKey.import_key(pem)
        except ValueError:
            return RSAKey.import_key(pem)


def client() -> Client:
    """The one of this installation."""
    told = settings.OIDC
    assert told is not None, "pages of OpenID Connect exist only where it is set up"
    return Client(
        issuer=told["issuer"],
        client_id=told["client_id"],
        key_file=Path(told["key_file"]),
        scope=told["scope"],
        redirect_uri=f"{settings.PUBLIC_ADDRESS}/aanmelden/acm/terug",
    )


@dataclass(frozen=True, slots=True)
class Attempt:
    """What we keep of an attempt, at our side only, until the person is back. It is used once."""

    state: str
    nonce: str
    verifier: str
    began_at: datetime
    is_again: bool = False

    def kept(self) -> dict[str, Any]:
        """For a session."""
        return {
            "state": self.state,
            "nonce": self.nonce,
            "verifier": self.verifier,
            "began_at": self.began_at.isoformat(),
            "is_again": self.is_again,
        }

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> Attempt:
        """From a session."""
        return cls(**{**kept, "began_at": datetime.fromisoformat(kept["began_at"])})


@dataclass(frozen=True, slots=True)
class Answer:
    """What the provider says of somebody, with the token that signs them out there."""

    claims: dict[str, Any]
    id_token: str


def begin(
    client: Client, *, at: datetime, is_again: bool = False, is_switch: bool = False
) -> tuple[str, Attempt]:
    """The provider's address for this person, and what to keep until they are back. Raises SignInFailed.

    ``is_again`` asks for a new proof, whatever the provider remembers; ``is_switch`` lets the person choose in which
    capacity they act.
    """
    attempt = Attempt(
        state=secrets.token_urlsafe(32),
        nonce=secrets.token_urlsafe(32),
        verifier=secrets.token_urlsafe(48),
        began_at=at,
        is_again=is_again,
    )
    more: dict[str, Any] = {"nonce": attempt.nonce}
    if is_again:
        more |= {"prompt": "login", "max_age": 0}
    if is_switch:
        more["login_hint"] = base64.b64encode(json.dumps({"switch_id": True}).encode()).decode()
    with _session(client) as session:
        address, _state = session.create_authorization_url(
            _endpoint(client, "authorization_endpoint", at=at),
            state=attempt.state,
            code_verifier=attempt.verifier,
            **more,
        )
    return address, attempt


def finish(client: Client, attempt: Attempt | None, came: Mapping[str, str], *, at: datetime) -> Answer:
    """Trade the code for what the provider says of the person. Raises SignInFailed, with nobody signed in."""
    if attempt is None or not secrets.compare_digest(came.get("state", "").encode(), attempt.state.encode()):
        raise _odd("state")
    if at - attempt.began_at > ATTEMPT_LASTS:
        raise SignInFailed("late", "Je deed er te lang over. Begin opnieuw.")
    if came.get("iss", client.issuer) != client.issuer:
        raise _odd("iss")
    if "error" in came:
        raise _refused_there(came["error"])
    if not came.get("code"):
        raise _odd("no_code")
    token = _trade(client, attempt, came["code"], at)
    claims = _checked(client, attempt, token, at)
    return Answer(claims, token["id_token"])


def sign_out_address(client: Client, id_token: str, *, at: datetime) -> str | None:
    """Where a person signs out at the provider too; None when it can't be reached or offers no such thing."""
    try:
        address = _endpoint(client, "end_session_endpoint", at=at)
    except SignInFailed:
        return None
    asked = {"id_token_hint": id_token, "post_logout_redirect_uri": f"{settings.PUBLIC_ADDRESS}/"}
    return f"{address}?{urlencode(asked)}"


def _refused_there(error: str) -> SignInFailed:
    if error == "access_denied":
        return SignInFailed(
            "access_denied", "Je brak het aanmelden af. Je kunt opnieuw beginnen of iets anders kiezen."
        )
    return _down("provider_error")


def _session(client: Client) -> OAuth2Session:
    return OAuth2Session(
        client.client_id,
        client.key(),
        scope=client.scope,
        redirect_uri=client.redirect_uri,
        token_endpoint_auth_method="private_key_jwt",  # noqa: S106 - the name of a method
        code_challenge_method="S256",
    )


def _trade(client: Client, attempt: Attempt, code: str, at: datetime) -> dict[str, Any]:
    """The token endpoint's answer: the code is good for one trade, and lives half a minute."""
    endpoint = _endpoint(client, "token_endpoint", at=at)
    session = _session(client)
    algorithm = "ES256" if isinstance(session.client_secret, ECKey) else "RS256"
    session.register_client_auth_method(PrivateKeyJWT(endpoint, alg=algorithm))
    try:
        token: dict[str, Any] = session.fetch_token(
            endpoint,
            code=code,
            code_verifier=attempt.verifier,
            timeout=TIMEOUT_SECONDS,
            allow_redirects=False,
        )
    except OAuthError as refused:
        raise _odd(f"token_{refused.error}") from refused
    except (requests.RequestException, ValueError) as broken:
        raise _down("token_endpoint") from broken
    if not isinstance(token.get("id_token"), str) or not isinstance(token.get("access_token"), str):
        raise _odd("no_id_token")
    return token


def _checked(client: Client, attempt: Attempt, token: Mapping[str, Any], at: datetime) -> dict[str, Any]:
    """The claims of an ID token in which everything holds; ``at_hash`` may be left out in this flow, not be wrong."""
    try:
        read = _read(client, token["id_token"], at)
        claims = CodeIDToken(
            read.claims,
            read.header,
            options={
                "iss": {"essential": True, "value": client.issuer},
                "aud": {"essential": True, "value": client.client_id},
                "nonce": {"essential": True},
                "sub": {"essential": True},
            },
            params={
                "client_id": client.client_id,
                "nonce": attempt.nonce,
                "access_token": token["access_token"],
            },
        )
        claims.validate(now=int(at.timestamp()), leeway=CLOCKS_DIFFER)
    except (JoseError, ValueError, TypeError, KeyError) as broken:
        raise _odd(getattr(broken, "claim", None) or type(broken).__name__) from None
    if attempt.is_again:
        _proved_after(claims.get("auth_time"), attempt.began_at)
    return dict(claims)


def _proved_after(auth_time: Any, began_at: datetime) -> None:
    """A confirmation is a proof given for it: what the provider remembered of this morning is none."""
    is_number = isinstance(auth_time, int) and not isinstance(auth_time, bool)
    if not is_number or auth_time < began_at.timestamp() - CLOCKS_DIFFER:
        raise _odd("auth_time")


def _read(client: Client, id_token: str, at: datetime) -> jwt.Token:
    """Verify the signature; a key that we don't know yet is looked for once more."""
    try:
        return jwt.decode(id_token, _keys(client, at=at), algorithms=_SIGNATURES)
    except (JoseError, ValueError):
        known = _KNOWN[client.issuer]
        if at - known.keys_at < REFRESH_AT_MOST_EVERY:
            raise
        known.keys = None
        return jwt.decode(id_token, _keys(client, at=at), algorithms=_SIGNATURES)


# -- what the provider publishes, kept for an hour: it saves two requests per sign-in and decides nothing -------------


@dataclass
class _Published:
    metadata: dict[str, Any]
    metadata_at: datetime
    keys: KeySet | None = None
    keys_at: datetime = datetime(1970, 1, 1, tzinfo=UTC)


_KNOWN: dict[str, _Published] = {}


def forget_provider() -> None:
    """Ask everything anew: for tests."""
    _KNOWN.clear()


def _published(client: Client, at: datetime) -> _Published:
    known = _KNOWN.get(client.issuer)
    if known is None or not timedelta() <= at - known.metadata_at < REFRESH_AFTER:
        metadata = _get(f"{client.issuer}/.well-known/openid-configuration")
        if metadata.get("issuer") != client.issuer:
            raise _odd("discovery_issuer")
        known = _KNOWN[client.issuer] = _Published(metadata, at)
    return known


def _endpoint(client: Client, name: str, *, at: datetime) -> str:
    address = _published(client, at).metadata.get(name)
    if not isinstance(address, str) or not (
        address.startswith("https://") or _same_host(address, client.issuer)
    ):
        raise _odd(name)
    return address


def _same_host(address: str, issuer: str) -> bool:
    """Without TLS only where the issuer itself is without it: on the machine of a developer."""
    return urlsplit(address)[:2] == urlsplit(issuer)[:2]


def _keys(client: Client, *, at: datetime) -> KeySet:
    known = _published(client, at)
    if known.keys is None or not timedelta() <= at - known.keys_at < REFRESH_AFTER:
        try:
            known.keys = KeySet.import_key_set(_get(_endpoint(client, "jwks_uri", at=at)))  # type: ignore[arg-type]
        except (JoseError, ValueError, TypeError, KeyError) as broken:
            raise _odd("jwks") from broken
        known.keys_at = at
    return known.keys


def _get(address: str) -> dict[str, Any]:
    try:
        with requests.get(address, timeout=TIMEOUT_SECONDS, allow_redirects=False, stream=True) as answer:
            is_answer = answer.status_code == requests.codes.ok
            content = answer.raw.read(_LARGEST_ANSWER + 1, decode_content=True)
        told = json.loads(content) if is_answer and len(content) <= _LARGEST_ANSWER else None
    except (requests.RequestException, OSError, ValueError) as broken:
        raise _down("unreachable") from broken
    if not isinstance(told, dict):
        raise _down("unreadable")
    return told
