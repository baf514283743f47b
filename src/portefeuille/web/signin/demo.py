"""The demo's sign-in: choose who you are. It exists only where the settings say that this is a demo."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth import authenticate
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from portefeuille.core.errors import NotFound
from portefeuille.identity import queries as identity
from portefeuille.identity.models import Person
from portefeuille.identity.roles import Assurance, Role
from portefeuille.web.permission import public_page
from portefeuille.web.public.capacities import Choice, act_as, choices_of, number_of
from portefeuille.web.requests import REGISTER
from portefeuille.web.session import believe_rights, enter
from portefeuille.web.signin.heading import ours
from portefeuille.web.ui.words import ROLE_TASKS, ROLE_WORDS

ORDER = tuple(role for role in Role if role not in (Role.SYSTEM, Role.ACCOUNTANT, Role.NEWCOMER))


@dataclass(frozen=True, slots=True)
class Somebody:
    """A person, with what they may do in one role."""

    name: str
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """A role in words, and who has it."""

    words: str
    task: str
    people: tuple[Somebody, ...]


@public_page("only in the demo: where you sign in by choosing who you are", at_the_gate=True)
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Choose, and be signed in."""
    assert settings.DEMO, "the demo's sign-in is not part of a real installation"
    wanted = request.POST.get("volgende") or request.GET.get("volgende", "")
    if request.method == "POST":
        return _enter(request, wanted)
    people = identity.people()
    nobody_yet = [person for person in people if not person.capacities]
    context = {"groups": _groups(people), "nobody_yet": nobody_yet, "wanted": wanted}
    return render(request, "signin/demo.html", context)


def _enter(request: HttpRequest, wanted: str) -> HttpResponse:
    capacity = number_of(request.POST.get("hoedanigheid"))
    person = identity.holder_of(capacity) or number_of(request.POST.get("persoon"))
    found = authenticate(request, demo_person=person)
    if not isinstance(found, Person):
        raise NotFound("Deze persoon bestaat niet meer. Kies iemand anders.")
    enter(request, found, assurance=Assurance.HIGH, at=timezone.now())
    believe_rights(request, [capacity])
    start = act_as(request, person=person, capacity=capacity) if capacity else REGISTER
    return redirect(ours(request, wanted) or start)


def _groups(people: list[identity.PersonFacts]) -> list[Group]:
    words = choices_of(held for person in people for held in person.capacities)
    groups = (
        Group(ROLE_WORDS[role].capitalize(), ROLE_TASKS[role], _people(people, role, words)) for role in ORDER
    )
    return [group for group in groups if group.people]


def _people(people: list[identity.PersonFacts], role: Role, words: dict[int, Choice]) -> tuple[Somebody, ...]:
    """Those who have the role, each with all that they may do in it; the longest list last, so that no hole gapes."""
    found = (
        Somebody(person.name, tuple(words[held.id] for held in person.capacities if held.role is role))
        for person in people
    )
    return tuple(sorted((one for one in found if one.choices), key=lambda one: len(one.choices)))
