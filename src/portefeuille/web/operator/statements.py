"""Bank statements: handing in a file, following its import, reading its report."""

from __future__ import annotations

from django import forms
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portefeuille.bank import queries as bank
from portefeuille.bank.operations.import_statement import hand_in
from portefeuille.bank.tasks import book_statement_file
from portefeuille.identity.roles import Actor
from portefeuille.web.permission import page
from portefeuille.web.ui.forms import PlainForm

KIND_WORDS = {
    "deposit": gettext_lazy("Stortingen"),
    "funds": gettext_lazy("Geld van de overheid"),
    "paid": gettext_lazy("Bevestigde betalingen"),
    "bounced": gettext_lazy("Teruggekomen betalingen"),
    "unknown_debit": gettext_lazy("Onbekend geld dat vertrok"),
    "nothing": gettext_lazy("Regels zonder bedrag"),
}


class FileForm(PlainForm):
    """A statement file."""

    asks = {"file": gettext_lazy("Kies eerst een bestand.")}

    file = forms.FileField(
        label=gettext_lazy("CODA-bestand van de bank"),
        help_text=gettext_lazy("Hoogstens 100 MB. Hetzelfde bestand twee keer inladen kan geen kwaad."),
        allow_empty_file=True,  # the reader says more clearly what is wrong with it
    )

    def clean_file(self) -> object:
        """A file that is far too large is not read at all."""
        file = self.cleaned_data["file"]
        if file.size > settings.STATEMENT_MAX_BYTES:
            raise forms.ValidationError(
                _("Dit bestand is groter dan 100 MB. Vraag je bank kleinere bestanden.")
            )
        return file


@page(look="import_statement", act="import_statement")
def statements(request: HttpRequest) -> HttpResponse:
    """Hand in a file, and see what was handed in before."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    form = FileForm(request.POST, request.FILES) if request.method == "POST" else FileForm()
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data["file"]
        with transaction.atomic():
            number = hand_in(actor=actor, name=upload.name, content=upload.read(), at=timezone.now())
            book_statement_file.defer(file=number, person=actor.person_id)
        return redirect("statement_file", number=number)
    context = {"form": form, "files": bank.files(), "account": bank.account()}
    return render(request, "operator/statements.html", context)


@page(look="import_statement")
def statement_file(request: HttpRequest, number: int) -> HttpResponse:
    """How far an import is, and what it brought or why it was refused."""
    file = bank.file(number)
    kinds = [(KIND_WORDS[kind], count) for kind, count in file.report.get("kinds", {}).items()]
    return render(request, "operator/statement_file.html", {"file": file, "kinds": kinds})
