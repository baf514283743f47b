"""The demo's mailbox: what real people would get by mail, and by post."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_safe

from portefeuille.identity.acting import work_at_the_gate, work_at_the_mailbox
from portefeuille.messages import queries as messages
from portefeuille.post import queries as letters
from portefeuille.web.permission import public_page

KINDS = {
    "activation_code": gettext_noop("Brief met je code"),
    "code_card": gettext_noop("Je codekaart"),
}


@public_page("only in the demo: what made-up people would get by mail")
@require_safe
def mailbox(request: HttpRequest) -> HttpResponse:
    """The latest messages and letters, newest first."""
    work_at_the_gate()
    waiting = [(_(KINDS[one.kind]), one) for one in letters.unprinted()]
    work_at_the_mailbox()
    return render(request, "public/mailbox.html", {"messages": messages.newest(), "letters": waiting})


@public_page("only in the demo: what made-up people would get by mail")
@require_safe
def message(request: HttpRequest, number: int) -> HttpResponse:
    """One message, as its reader sees it."""
    work_at_the_mailbox()
    return render(request, "public/message.html", {"message": messages.message(number)})


@public_page("only in the demo: what made-up people would get by post", at_the_gate=True)
@require_safe
def letter(request: HttpRequest, number: int) -> HttpResponse:
    """One letter on paper, as its reader unfolds it."""
    return HttpResponse(letters.pages(number), content_type="application/pdf")
