"""Sign-in by the Flemish access management: there, and back."""

from __future__ import annotations

import base64
import logging

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from portefeuille.core.errors import NotFound
from portefeuille.database.sealing import seal, unseal
from portefeuille.identity import queries as identity
from portefeuille.signin import oidc
from portefeuille.signin.oidc import SignInFailed
from portefeuille.signin.operations.arrive_by_acm import arrive_by_acm
from portefeuille.web.permission import public_page
from portefeuille.web.signin.arrival import arrive
from portefeuille.web.signin.heading import heading_of
from portefeuille.web.signin.source import source

log = logging.getLogger(__name__)
_ATTEMPT, TOKEN, _PURPOSE = "acm_attempt", "acm_token", "acm-id-token"


@public_page("where you sign in", at_the_gate=True)
@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """Off to the provider."""
    _must_be_offered()
    try:
        address, attempt = oidc.begin(
            oidc.client(),
            at=timezone.now(),
            is_again=heading_of(request).is_again,
            is_switch="wissel" in request.GET,
        )
    except SignInFailed as failed:
        return _failed(request, failed)
    request.session[_ATTEMPT] = attempt.kept()
    return redirect(address)


@public_page("where you sign in", at_the_gate=True)
@require_safe
def back(request: HttpRequest) -> HttpResponse:
    """Back from it, with a code or with an error. The attempt is over either way: it can't be used twice."""
    _must_be_offered()
    kept = request.session.pop(_ATTEMPT, None)
    now = timezone.now()
    try:
        attempt = oidc.Attempt.of(kept) if kept else None
        answer = oidc.finish(oidc.client(), attempt, request.GET.dict(), at=now)
        arrived = arrive_by_acm(claims=answer.claims, source=source(request), at=now)
    except SignInFailed as failed:
        return _failed(request, failed)
    response = arrive(
        request,
        identity.account(arrived.person),
        assurance=arrived.assurance,
        at=now,
        enterprise=arrived.enterprise,
        provider=arrived.provider,
        told=arrived.told,
    )
    _keep_token(request, answer.id_token)
    return response


def sign_out_address(request: HttpRequest) -> str | None:
    """Where this person signs out at the provider too, when they came from there."""
    sealed = request.session.get(TOKEN)
    if not sealed or not settings.OIDC:
        return None
    token = unseal(_PURPOSE, base64.b64decode(sealed)).decode()
    return oidc.sign_out_address(oidc.client(), token, at=timezone.now())


def _keep_token(request: HttpRequest, id_token: str) -> None:
    """Signing out there asks for it. It holds a national number, so the session's table must not be able to read it."""
    request.session[TOKEN] = base64.b64encode(seal(_PURPOSE, id_token.encode())).decode()


def _must_be_offered() -> None:
    if not settings.OIDC:
        raise NotFound(_("Deze manier van aanmelden bestaat hier niet. Kies een andere."))


def _failed(request: HttpRequest, failed: SignInFailed) -> HttpResponse:
    log.warning("sign-in by OpenID Connect failed: %s", failed.why)
    context = {"sentence": failed.sentence, "again": "/aanmelden/acm"}
    return render(request, "signin/failed.html", context, status=403)
