"""Sign-in by identity card: our own address, the address that reads cards, and back."""

from __future__ import annotations

import hmac
import logging
import re
import secrets
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from portefeuille.core.errors import NotAllowed, NotFound
from portefeuille.identity import queries as identity
from portefeuille.identity.roles import Assurance
from portefeuille.signin.eid import SENTENCES, CardRefused, read_card, read_trust
from portefeuille.signin.operations.arrive_by_eid import make_ticket, use_ticket
from portefeuille.web.permission import public_page
from portefeuille.web.signin.arrival import arrive
from portefeuille.web.signin.source import source

log = logging.getLogger(__name__)
_STATE, _LASTS = "eid_state", timedelta(minutes=10)
FAILED = "/aanmelden/eid/mislukt"


@public_page("where you sign in", at_the_gate=True)
@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """Off to the address that reads cards."""
    told = _offered()
    state = secrets.token_urlsafe(32)
    request.session[_STATE] = {"state": state, "began_at": timezone.now().isoformat()}
    return redirect(f"{told['address']}/aanmelden/eid/kaart?{urlencode({'poging': state})}")


@public_page("where you sign in", at_the_gate=True)
@require_safe
def card(request: HttpRequest) -> HttpResponse:
    """What the web server read from a card. It is believed for the secret that only that server knows, never alone."""
    told = _offered()
    _must_come_from_our_server(request, told)
    try:
        pem = unquote(request.headers.get("X-Eid-Certificate", ""))
        if not pem:
            raise CardRefused("no_card")
        now = timezone.now()
        shown = read_card(
            pem,
            trust=read_trust(Path(told["trust"])),
            ocsp=import_string(told["ocsp"])(),
            at=now,
            allow_specimen=told.get("allow_specimen", False),
        )
        state = request.GET.get("poging", "")
        if not re.fullmatch(r"[A-Za-z0-9_-]{43}", state):
            raise CardRefused("late", "state")
        ticket = make_ticket(card=shown, state=state, source=source(request), at=now)
    except CardRefused as refused:
        log.warning("sign-in by identity card failed: %s", refused.more)
        return redirect(f"{settings.PUBLIC_ADDRESS}{FAILED}?{urlencode({'reden': refused.why})}")
    return redirect(f"{settings.PUBLIC_ADDRESS}/aanmelden/eid/terug?{urlencode({'bewijs': ticket})}")


@public_page("where you sign in", at_the_gate=True)
@require_safe
def back(request: HttpRequest) -> HttpResponse:
    """Back with a ticket, in the session that left for it."""
    _offered()
    kept, now = request.session.pop(_STATE, None), timezone.now()
    try:
        if kept is None or now - datetime.fromisoformat(kept["began_at"]) > _LASTS:
            raise CardRefused("late", "session")
        person = use_ticket(ticket=request.GET.get("bewijs", ""), state=kept["state"], at=now)
    except CardRefused as refused:
        log.warning("sign-in by identity card failed: %s", refused.more)
        return _failed(request, refused.sentence)
    return arrive(request, identity.account(person), assurance=Assurance.HIGH, at=now)


@public_page("where you sign in", at_the_gate=True)
@require_safe
def failed(request: HttpRequest) -> HttpResponse:
    """Why a card let nobody in; the address names the reason, the sentences are ours."""
    why = request.GET.get("reden", "")
    return _failed(request, SENTENCES.get(why, SENTENCES["not_valid"]))


def _failed(request: HttpRequest, sentence: str) -> HttpResponse:
    context = {"sentence": sentence, "again": "/aanmelden/eid"}
    return render(request, "signin/failed.html", context, status=403)


def _offered() -> dict[str, Any]:
    if not settings.EID:
        raise NotFound(_("Deze manier van aanmelden bestaat hier niet. Kies een andere."))
    told: dict[str, Any] = settings.EID
    return told


def _must_come_from_our_server(request: HttpRequest, told: dict[str, Any]) -> None:
    """Anybody can send a header with a certificate, which is no secret: then somebody else's card would do."""
    known = Path(told["secret_file"]).read_text(encoding="ascii").strip()
    sent = request.headers.get("X-Eid-Secret", "")
    if len(known) < 32 or not hmac.compare_digest(known.encode(), sent.encode()):
        log.warning("a certificate came without the secret of our own web server")
        raise NotAllowed(
            _("Deze pagina werkt alleen met een identiteitskaart in de lezer. Begin bij “Aanmelden”.")
        )
