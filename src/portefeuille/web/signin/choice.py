"""The means of sign-in: to come in, and to confirm once more who you are."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from portefeuille.core.errors import NotFound
from portefeuille.identity.models import Person
from portefeuille.identity.roles import Assurance
from portefeuille.web import unsent
from portefeuille.web.permission import person_page, public_page
from portefeuille.web.signin.arrival import arrive
from portefeuille.web.signin.heading import Heading, heading_of, ours, set_heading
from portefeuille.web.signin.means import means


@public_page("where you sign in", at_the_gate=True)
@require_safe
def choice(request: HttpRequest) -> HttpResponse:
    """Every means, with what you need for it; in a demo the demo's own first."""
    wanted = ours(request, request.GET.get("volgende", ""))
    set_heading(request, Heading(wanted))
    return render(request, "signin/choice.html", {"means": means(), "wanted": wanted})


@person_page(look="manage_oneself")
def confirm(request: HttpRequest) -> HttpResponse:
    """Prove once more who you are, strongly enough for what you were doing."""
    wanted = ours(request, request.GET.get("volgende", ""))
    before = heading_of(request)
    level = before.level if before.is_again and before.to == wanted else Assurance.SUBSTANTIAL
    set_heading(request, Heading(wanted, is_again=True, level=level))
    context = {
        "means": [one for one in means() if one.assurance >= level],
        "wanted": wanted,
        "is_kept": bool(unsent.fields_for(request, wanted)),
        "needs_card": level is Assurance.HIGH,
    }
    return render(request, "signin/confirm.html", context)


@person_page(act="manage_oneself")
def confirm_in_demo(request: HttpRequest) -> HttpResponse:
    """The demo believes a click."""
    if not settings.DEMO:
        raise NotFound("Deze pagina bestaat alleen in de demo.")
    heading = heading_of(request)
    if not heading.is_again:
        return redirect("confirm")
    assert isinstance(request.user, Person), "only who is known comes here"
    return arrive(request, request.user, assurance=Assurance.HIGH, at=timezone.now())


@person_page(look="manage_oneself")
def resume(request: HttpRequest) -> HttpResponse:
    """What you had typed on a page that can't show it again: send it now, or leave it."""
    path = request.session.get(unsent.KEPT, {}).get("path", "")
    if not path:
        return redirect("/")
    return render(request, "signin/resume.html", {"path": path, "fields": unsent.fields_for(request, path)})
