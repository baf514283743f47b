"""The demo's mailbox: what real people would get by mail."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from portefeuille.identity.acting import work_at_the_mailbox
from portefeuille.messages import queries as messages
from portefeuille.web.permission import public_page


@public_page("only in the demo: what made-up people would get by mail")
@require_safe
def mailbox(request: HttpRequest) -> HttpResponse:
    """The latest messages, newest first."""
    work_at_the_mailbox()
    return render(request, "public/mailbox.html", {"messages": messages.newest()})


@public_page("only in the demo: what made-up people would get by mail")
@require_safe
def message(request: HttpRequest, number: int) -> HttpResponse:
    """One message, as its reader sees it."""
    work_at_the_mailbox()
    return render(request, "public/message.html", {"message": messages.message(number)})
