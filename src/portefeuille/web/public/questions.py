"""Answers to the questions that the guide begins with, for this platform."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

# The answers were written for the rules of this day; a change of regime asks for a new reading of them.
WRITTEN_FOR = date(2026, 11, 24)


@require_safe
def questions(request: HttpRequest) -> HttpResponse:
    """Seven answers, each with the regime and the day for which it was written."""
    return render(request, "public/help.html", {"scheme": settings.SCHEME, "written_for": WRITTEN_FOR})
