"""From the register to a decision: whatever the KBO says of an enterprise, an application can be decided."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from portefeuille.applications.asked import Asked
from portefeuille.applications.facts import facts
from portefeuille.core import rules
from portefeuille.register import queries as register
from portefeuille.register.models import Enterprise
from portefeuille.register.operations.load_nace import load_nace
from portefeuille.register.operations.load_open_data import load

pytestmark = pytest.mark.django_db

OURS = Path(__file__).parents[1] / "register" / "fixtures" / "extract"
AT = datetime(2026, 3, 2, tzinfo=UTC)
DAY = date(2026, 3, 2)


@pytest.fixture(params=["ours", "real"])
def loaded(request: pytest.FixtureRequest) -> int:
    """The number of enterprises of an extract that was loaded: a small one of our own, or the real one."""
    folder = OURS
    if request.param == "real":
        shared: Path = request.getfixturevalue("shared_data")
        folder = shared / "samples" / "kbo" / "full_0127_mini"
    load_nace()
    return load(folder, at=AT).rows["enterprise"]


def test_every_enterprise_of_the_register_can_be_decided_on(loaded: int) -> None:
    """Codes of NACE-BEL 2003, which the KBO still shows, among the activities of many."""
    versions = set()
    for row in Enterprise.objects.all():
        for scheme in rules.SCHEMES:
            known = facts(row.pk, scheme, Asked(), on=DAY)
            versions |= {activity["version"] for activity in known["enterprise"]["nace_codes"]}
            decision = rules.decide(known, scheme=rules.load_scheme(scheme), on=DAY)
            assert decision.outcome in ("refused", "cannot_decide")
    assert loaded == Enterprise.objects.count()
    assert "2003" in versions


def test_only_activities_in_a_version_that_is_in_use_can_be_applied_for(loaded: int) -> None:
    for row in Enterprise.objects.all():
        for activity in register.enterprise(row.pk).current_activities:
            assert activity.version in ("2008", "2025")
            assert activity.label, f"{activity.version} {activity.code} has no label"
