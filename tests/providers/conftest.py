from __future__ import annotations

from datetime import date

import pytest

from portefeuille.providers.operations.add_provider import GivenRecognition, add_provider


@pytest.fixture
def academy() -> int:
    """A provider of trainings, which once gave advice too."""
    return add_provider(
        enterprise_number="1998.000.159",
        legal_name="Academie De Brêmberg",
        trade_name="Brembergschool",
        iban="BE59 9990 0111 1126",
        email="info@bremberg.example",
        recognitions=[
            GivenRecognition("DV.O910001", date(2012, 1, 1)),
            GivenRecognition("DV.A910002", date(2012, 1, 1), date(2017, 12, 31)),
        ],
    )
