"""What an enterprise tells about itself at its first sign-in, and changes later."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from portefeuille.core.errors import NotAllowed, Refusal
from portefeuille.core.identifiers import grouped_iban
from portefeuille.core.money import Money
from portefeuille.identity import queries as identity
from portefeuille.identity.operations.save_profile import Group, save_profile
from portefeuille.identity.queries import Profile
from portefeuille.identity.roles import Actor
from portefeuille.web.looks import look
from portefeuille.web.permission import page
from portefeuille.web.registration.forms import SIZES, ConfirmSizeForm, ProfileForm, RelatedForm
from portefeuille.web.registration.start import stages
from portefeuille.web.signin.heading import ours
from portefeuille.web.ui.flash import flash

MOST_RELATED = 20


@page(look="see_profile", act="save_profile")
def profile(request: HttpRequest) -> HttpResponse:
    """Fill in, see which size the figures make, confirm."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    known = identity.profile(actor.enterprise) if identity.has_profile(actor.enterprise) else None
    if not actor.may("save_profile", enterprise=actor.enterprise):
        look(request, "profile", 0, actor.enterprise)
        return render(request, "registration/profile_read.html", {"known": known, "sizes": dict(SIZES)})
    if request.method != "POST":
        form = ProfileForm(initial=_initial(known, actor))
        return _show(request, known, form, _known_rows(known))
    return _posted(request, actor, known)


def _posted(request: HttpRequest, actor: Actor, known: Profile | None) -> HttpResponse:
    rows = _typed_rows(request.POST)
    if "nog_een" in request.POST:
        form = ProfileForm(initial=request.POST.dict())
        return _show(request, known, form, [*_unchecked(rows), RelatedForm(prefix=f"groep{len(rows)}")])
    form = ProfileForm(request.POST)
    wrong_rows = [row for row in rows if not row.is_valid()]  # each of them, so that each says what is wrong
    if not form.is_valid() or wrong_rows:
        return _show(request, known, form, rows)
    told = form.cleaned_data
    related = [row.cleaned_data["related"] for row in rows if "related" in row.cleaned_data]
    group = Group(told["people"], told["balance_total"], related)
    proposed = group.size(told["turnover"])
    confirm = ConfirmSizeForm(request.POST if "size" in request.POST else None, initial={"size": proposed})
    if request.POST.get("voorstel") != proposed or not confirm.is_valid():
        return _show(request, known, form, rows, confirm=confirm, proposed=proposed)
    try:
        _save(actor, told, group, confirm.cleaned_data)
    except NotAllowed:
        raise
    except Refusal as refused:
        at_size = refused.field in confirm.fields
        (confirm if at_size else form).refuse(refused)
        return _show(request, known, form, rows, confirm=confirm, proposed=proposed)
    flash(request, _("Je gegevens zijn bewaard. Je kunt nu een subsidie aanvragen."))
    return redirect(ours(request, request.POST.get("volgende", "")) or "dashboard")


def _save(actor: Actor, told: dict[str, Any], group: Group, confirmed: dict[str, Any]) -> None:
    save_profile(
        actor=actor,
        enterprise=actor.enterprise,
        iban=told["iban"],
        email=told["email"],
        size=confirmed["size"],
        size_reason=confirmed["size_reason"],
        turnover=told["turnover"],
        turnover_is_expected=told["turnover_is_expected"] == "ja",
        group=group,
        financial_year_starts=told["financial_year_starts"],
        financial_year_ends=told["financial_year_ends"],
        at=timezone.now(),
    )


def _initial(known: Profile | None, actor: Actor) -> dict[str, Any]:
    year = {"financial_year_starts": "01-01", "financial_year_ends": "31-12"}
    if known is None:
        person = identity.person(actor.person_id or 0)
        return {**year, "email": person.confirmed_email or person.email}
    return {
        "iban": grouped_iban(known.iban),
        "email": known.email,
        "turnover_is_expected": "ja" if known.turnover_is_expected else "nee",
        "turnover": known.turnover,
        "financial_year_starts": known.financial_year_starts,
        "financial_year_ends": known.financial_year_ends,
        "people": "" if known.people_hundredths is None else _people(known.people_hundredths),
        "balance_total": known.balance_total,
    }


def _people(hundredths: int) -> str:
    """``12,5``; any amount in hundredths can be written as money is, without idle zeros."""
    return Money(hundredths).belgian.replace(".", "").rstrip("0").rstrip(",") or "0"


def _known_rows(known: Profile | None) -> list[RelatedForm]:
    return [
        RelatedForm(
            prefix=f"groep{place}",
            initial={
                "name": one.name,
                "tie": one.tie,
                "share": _people(one.share) if one.tie == "partner" else "",
                "people": _people(one.people_hundredths),
                "turnover": one.turnover,
                "balance_total": one.balance_total,
            },
        )
        for place, one in enumerate(known.related if known else ())
    ]


def _typed_rows(typed: QueryDict) -> list[RelatedForm]:
    """As many as the form said that it showed."""
    count = typed.get("aantal", "0")
    shown = int(count) if count.isascii() and count.isdigit() and len(count) < 3 else 0
    return [RelatedForm(typed, prefix=f"groep{place}") for place in range(min(shown, MOST_RELATED))]


def _unchecked(rows: list[RelatedForm]) -> list[RelatedForm]:
    """The same rows as they were typed, without a word about what is missing yet."""
    return [
        RelatedForm(
            prefix=row.prefix, initial={name: row.data.get(row.add_prefix(name), "") for name in row.fields}
        )
        for row in rows
    ]


def _show(
    request: HttpRequest,
    known: Profile | None,
    form: ProfileForm,
    rows: list[RelatedForm],
    *,
    confirm: ConfirmSizeForm | None = None,
    proposed: str = "",
) -> HttpResponse:
    context = {
        "form": form,
        "rows": rows,
        "has_row_errors": any(row.errors for row in rows if row.is_bound),
        "may_add": len(rows) < MOST_RELATED,
        "confirm": confirm,
        "proposed": proposed,
        "proposed_words": dict(SIZES).get(proposed, ""),
        "is_first": known is None,
        "stages": stages(3) if known is None else [],
        "wanted": request.POST.get("volgende") or request.GET.get("volgende", ""),
    }
    return render(request, "registration/profile.html", context)
