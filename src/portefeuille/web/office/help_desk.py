"""Where the help desk starts: what callers ask most, and the pages to look at together."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from portefeuille.web.permission import page


@page(look="see_help_desk")
def help_desk(request: HttpRequest) -> HttpResponse:
    """Looks along, changes nothing."""
    return render(request, "office/help_desk.html")
