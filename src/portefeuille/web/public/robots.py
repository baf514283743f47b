"""What search engines may read: the public pages."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from portefeuille.web.permission import public_page


@public_page("search engines ask it")
@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Everything behind the sign-in is nobody's to index."""
    hidden = ("mijn-dossier", "aanvraag", "project", "beheer", "dienstverlener", "kantoor", "brievenbus")
    # The register of providers begins with the same letters as the pages of a provider.
    lines = ["User-agent: *", "Allow: /dienstverleners", *(f"Disallow: /{path}" for path in hidden)]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
