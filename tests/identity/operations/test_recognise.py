"""Finding the person behind a proof, or adding them; two who are not one are never made one."""

from __future__ import annotations

import pytest

from portefeuille.core.errors import NotAllowed
from portefeuille.identity.models import Person
from portefeuille.identity.operations.recognise import recognise

pytestmark = pytest.mark.django_db


def test_the_first_proof_adds_somebody_and_the_next_finds_them() -> None:
    first = recognise(name="Nele", national_number_hash="h", vo_id="v")
    assert recognise(name="Nele", vo_id="v") == first
    assert recognise(name="Nele", national_number_hash="h") == first
    assert Person.objects.count() == 1


def test_what_a_later_proof_tells_more_is_kept() -> None:
    first = recognise(name="Nele", national_number_hash="h")
    recognise(name="Nele Peeters", national_number_hash="h", vo_id="v")
    found = recognise(name="Nele Peeters", vo_id="v")
    assert (found.pk, found.name) == (first.pk, "Nele Peeters")


def test_a_proof_that_names_two_people_is_not_believed() -> None:
    recognise(name="Nele", national_number_hash="h")
    recognise(name="Tom", vo_id="v")
    with pytest.raises(NotAllowed):
        recognise(name="Tom", national_number_hash="h", vo_id="v")


@pytest.mark.parametrize(
    "told", [{"vo_id": "v", "national_number_hash": "other"}, {"vo_id": "w", "national_number_hash": "h"}]
)
def test_nobodys_number_or_id_is_changed(told: dict[str, str]) -> None:
    recognise(name="Nele", national_number_hash="h", vo_id="v")
    with pytest.raises(NotAllowed):
        recognise(name="Nele", **told)


def test_a_proof_names_somebody() -> None:
    with pytest.raises(AssertionError):
        recognise(name="Nele")
