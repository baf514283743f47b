"""All that was applied for, for those who read the files of every enterprise."""

from __future__ import annotations

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from portefeuille.applications import queries as applications
from portefeuille.applications.queries import ApplicationView
from portefeuille.identity.roles import Actor
from portefeuille.web.permission import page
from portefeuille.web.ui.forms import PlainForm
from portefeuille.web.ui.parts import Column, Table
from portefeuille.web.ui.tags import badge, day, euro

SHOWN = 50


class SearchForm(PlainForm):
    """A number or a name."""

    zoek = forms.CharField(
        label=gettext_lazy("Projectnummer, onderneming of ondernemingsnummer"),
        help_text=gettext_lazy("Een stuk van de naam is genoeg."),
        max_length=200,
        required=False,
    )


@page(look="see_files")
def files(request: HttpRequest) -> HttpResponse:
    """The newest first; the address holds the question, so that it can be kept and shared."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    form = SearchForm(request.GET if "zoek" in request.GET else None)
    asked = form.cleaned_data["zoek"].strip() if form.is_bound and form.is_valid() else ""
    found = applications.files(asked, actor=actor, limit=SHOWN + 1)
    context = {
        "form": form,
        "asked": asked,
        "table": _table(found[:SHOWN]) if found else None,
        "more": len(found) > SHOWN,
    }
    return render(request, "office/files.html", context)


def _table(found: list[ApplicationView]) -> Table:
    return Table(
        caption=ngettext("%(count)s aanvraag", "%(count)s aanvragen", len(found)) % {"count": len(found)},
        columns=[
            Column(_("Onderneming")),
            Column(_("Projectnummer")),
            Column(_("Ingediend")),
            Column(_("Stand")),
            Column(_("Bedrag zonder btw"), is_number=True),
        ],
        rows=[
            (
                one.enterprise_name,
                one.project_number,
                day(one.submitted_at),
                badge(one.state),
                euro(one.amount),
            )
            for one in found
        ],
        addresses=[reverse("case", args=[one.id]) for one in found],
    )
