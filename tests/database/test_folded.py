from __future__ import annotations

import pytest

from portefeuille.database.folded import holds
from portefeuille.register.models import Denomination

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("name", "text", "found"),
    [
        ("Crème Brûlée", "creme brulee", True),
        ("creme brulee", "CRÈME", True),
        ("Één Ñandú", "een nandu", True),
        ("Ｆｕｌｌ width", "full", True),
        ("50% korting", "%", True),
        ("vijftig korting", "%", False),
        ("a_b", "a_", True),
        ("axb", "a_", False),
        ("Peeters", "peters", False),
    ],
)
def test_text_is_found_whatever_its_accents_and_capitals(name: str, text: str, found: bool) -> None:
    Denomination.objects.create(entity_number="1998000159", language="2", kind="001", name=name)
    assert Denomination.objects.filter(holds("name", text)).exists() is found
