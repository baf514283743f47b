"""Our own style sheets, scripts and pictures, served by the web process with a name that changes with their content.

A few small files: no second server is needed for them. In front of a busy installation a cache may keep them for
ever, because ``ManifestStaticFilesStorage`` is not needed when every address carries the digest.
"""

from __future__ import annotations

import hashlib
import mimetypes
from collections.abc import Callable
from functools import cache
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotFound

ASSETS = Path(__file__).resolve().parent / "assets"


@cache
def digest(name: str) -> str:
    """The first twelve digits of the content's hash; KeyError when there is no such file."""
    return hashlib.sha256((ASSETS / name).read_bytes()).hexdigest()[:12]


def address(name: str) -> str:
    """The address of an asset, which changes when its content does."""
    return f"{settings.STATIC_URL}{name}?{digest(name)}"


@cache
def _names() -> frozenset[str]:
    return frozenset(str(path.relative_to(ASSETS)) for path in ASSETS.rglob("*") if path.is_file())


class StaticFiles:
    """Answers requests below STATIC_URL; only names that exist at start are ever opened."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The file, to be kept for a year, or the next layer's answer."""
        if not request.path_info.startswith(settings.STATIC_URL):
            return self.get_response(request)
        name = request.path_info.removeprefix(settings.STATIC_URL)
        if name not in _names():
            return HttpResponseNotFound("Dit bestand bestaat niet.", content_type="text/plain; charset=utf-8")
        kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
        response = HttpResponse((ASSETS / name).read_bytes(), content_type=kind)
        response["Cache-Control"] = "public, max-age=31536000, immutable"
        return response
