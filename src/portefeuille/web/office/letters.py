"""Letters on paper that wait for the printer: handed over one by one, once, as PDF."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from portefeuille.core.errors import Invalid, NotAllowed, ProofNeeded, Refusal, StrongerSignInNeeded
from portefeuille.identity.roles import Actor
from portefeuille.post.operations import hand_over
from portefeuille.post.queries import LetterView, handed_over, in_the_tray
from portefeuille.web import unsent
from portefeuille.web.permission import page
from portefeuille.web.ui.flash import flash
from portefeuille.web.ui.words import LETTER_KINDS


@page(look="see_addresses", act="print_letters")
@unsent.shows_unsent
def letters(request: HttpRequest) -> HttpResponse:
    """What waits and what a printer got; a form with the number of a letter downloads it, and then it is gone."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    refused = ""
    if request.method == "POST":
        try:
            return _hand_over(request)
        except (NotAllowed, ProofNeeded, StrongerSignInNeeded):
            raise
        except Refusal as refusal:
            refused = refusal.sentence
    unsent.take(request)  # no letter leaves by itself after a proof: it is asked for again
    context = {
        "waiting": [_line(one) for one in in_the_tray(actor=actor)],
        "printed": [_line(one) for one in handed_over(actor=actor)],
        "may_print": actor.may("print_letters"),
        "refused": refused,
    }
    return render(request, "office/letters.html", context, status=409 if refused else 200)


def _line(letter: LetterView) -> tuple[LetterView, object]:
    return letter, LETTER_KINDS.get(letter.kind, letter.kind)


def _hand_over(request: HttpRequest) -> HttpResponse:
    asked = request.POST.get("brief", "")
    if not (asked.isascii() and asked.isdecimal() and len(asked) < 19):
        raise Invalid(_("Kies een brief uit de lijst."))
    pdf = hand_over(actor=request.actor, letter=int(asked), at=timezone.now())  # type: ignore[attr-defined]
    flash(request, _("Brief %(number)s is gedownload. Wat erin staat, bewaren we niet.") % {"number": asked})
    answer = HttpResponse(pdf, content_type="application/pdf")
    answer["Content-Disposition"] = f'attachment; filename="brief-{asked}.pdf"'
    answer["Cache-Control"] = "no-store"
    return answer
