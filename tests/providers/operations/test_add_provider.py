from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from portefeuille.core.errors import Invalid
from portefeuille.providers import queries
from portefeuille.providers.models import Provider, Recognition
from portefeuille.providers.operations.add_provider import GivenRecognition, add_provider

pytestmark = pytest.mark.django_db

OTHER: dict[str, Any] = {
    "enterprise_number": "1998.000.258",
    "legal_name": "Andere",
    "iban": "BE59999001111126",
    "email": "a@andere.example",
}


def test_a_provider_is_kept_as_it_was_given(academy: int) -> None:
    found = queries.provider(academy)
    assert (found.enterprise_number, found.iban) == ("1998000159", "BE59999001111126")
    assert found.display_name == "Brembergschool"
    assert not found.vat_exempt
    assert [(one.number, one.service) for one in found.recognitions] == [
        ("DV.A910002", "advice"),
        ("DV.O910001", "training"),
    ]


def test_adding_it_again_adds_only_the_recognition_that_it_lacks(academy: int) -> None:
    again = add_provider(
        enterprise_number="1998000159",
        legal_name="Nieuwe Naam",
        iban="BE58999002222279",
        email="nieuw@bremberg.example",
        recognitions=[
            GivenRecognition("DV.O910001", date(2020, 1, 1)),
            GivenRecognition("DV.A910003", date(2020, 1, 1)),
        ],
    )
    assert again == academy
    assert (Provider.objects.count(), Recognition.objects.count()) == (1, 3)
    assert queries.provider(academy).legal_name == "Academie De Brêmberg"


def test_a_recognition_is_written_in_one_way(academy: int) -> None:
    add_provider(**OTHER, recognitions=[GivenRecognition("dv.0 91O0O9", date(2020, 1, 1))])
    assert [one.display_name for one in queries.find("DV.O910009")] == ["Andere"]


@pytest.mark.parametrize(
    ("told", "field"),
    [
        ({"enterprise_number": "1998.000.259"}, "enterprise_number"),
        ({"iban": "BE60999001111126"}, "iban"),
        ({"recognitions": [GivenRecognition("DV.X910001", date(2020, 1, 1))]}, "number"),
    ],
)
def test_wrong_numbers_are_refused_with_their_field(told: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        add_provider(**{**OTHER, **told})
    assert refused.value.field == field
    assert not Provider.objects.exists()


def test_a_recognition_of_somebody_else_is_refused(academy: int) -> None:
    with pytest.raises(Invalid, match=r"DV\.O910001 is van een andere"):
        add_provider(**OTHER, recognitions=[GivenRecognition("DV.O910001", date(2020, 1, 1))])
    assert Provider.objects.count() == 1
