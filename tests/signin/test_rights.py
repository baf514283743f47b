"""Which right gives which role: by configuration, for the chosen organisation only, and never by half a pattern."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.signin.people import NELE
from tests.world import ENTERPRISE, OTHER_ENTERPRISE, SELLER, World

from portefeuille.identity.roles import Assurance, Role
from portefeuille.signin.rights import DEFAULT, read_rights, understand

RIGHTS = "kmo_portefeuille_rol_3d"


def claims(**more: Any) -> dict[str, Any]:
    return {
        "given_name": "Nele",
        "family_name": "Peeters",
        "rrn": NELE,
        "vo_id": "v",
        "acr": "urn:be:vlaanderen:authmech:eid",
        "vo_doelgroepcode": "EA",
        "vo_orgcode": ENTERPRISE,
        **more,
    }


def roles(**more: Any) -> list[tuple[Role, str]]:
    return [(one.role, one.basis) for one in understand(claims(**more)).capacities]


def test_a_right_for_the_chosen_enterprise(db: None) -> None:
    assert roles(**{RIGHTS: [f"KMOPortefeuille-Ondernemer:{ENTERPRISE}"]}) == [(Role.ENTREPRENEUR, "rights")]
    assert roles(**{RIGHTS: f"KMOPortefeuille-Beheerder:{ENTERPRISE}"}) == [(Role.ENTERPRISE_ADMIN, "rights")]


@pytest.mark.parametrize(
    "right",
    [
        f"KMOPortefeuille-Ondernemer:{OTHER_ENTERPRISE}",
        f"XKMOPortefeuille-Ondernemer:{ENTERPRISE}",
        f"KMOPortefeuille-Ondernemer:{ENTERPRISE}x",
        f"KMOPortefeuille-Ondernemer:{ENTERPRISE}\n",
        "KMOPortefeuille-Ondernemer:1999100121",
        "KMOPortefeuille-Ondernemer:",
        "KMOPortefeuille-Dossierbehandelaar:OVO000000",
        f"KMOPortefeuille-Dienstverlener:{ENTERPRISE}",
        "",
        7,
        None,
        ["x"],
    ],
)
def test_what_gives_nothing(db: None, right: Any) -> None:
    assert roles(**{RIGHTS: [right]}) == []


@pytest.mark.parametrize("listed", [None, {}, 5, True])
def test_a_list_that_is_none(db: None, listed: Any) -> None:
    assert roles(**{RIGHTS: listed}) == []


def test_a_legal_representative_of_the_chosen_enterprise_only(db: None) -> None:
    assert roles(wv_orgcode=ENTERPRISE) == [(Role.ENTERPRISE_ADMIN, "representative")]
    assert roles(wv_orgcode=OTHER_ENTERPRISE) == []
    assert roles(wv_orgcode="OVO000000", vo_orgcode="OVO000000") == []
    assert roles(wv_orgcode="", vo_orgcode="") == []


def test_staff_of_the_agency_only(db: None) -> None:
    right = {RIGHTS: ["KMOPortefeuille-Dossierbehandelaar:OVO000000"]}
    assert roles(vo_doelgroepcode="GID", vo_orgcode="OVO000000", **right) == [(Role.OFFICE, "rights")]
    assert roles(vo_doelgroepcode="GID", vo_orgcode="OVO000001", **right) == []
    assert roles(vo_doelgroepcode="LB", vo_orgcode="OVO000000", **right) == []


def test_a_provider_that_we_know(world: World) -> None:
    right = {RIGHTS: [f"KMOPortefeuille-Dienstverlener:{SELLER}"]}
    (one,) = understand(claims(vo_orgcode=SELLER, **right)).capacities
    assert (one.role, one.provider) == (Role.PROVIDER, world.provider_id)


@pytest.mark.parametrize(
    ("acr", "assurance"),
    [
        ("eid", Assurance.HIGH),
        ("itsme", Assurance.HIGH),
        ("csamtotp", Assurance.SUBSTANTIAL),
        ("csampassword", Assurance.LOW),
        ("csamselfreg", Assurance.LOW),
        ("something_new", Assurance.LOW),
    ],
)
def test_how_sure_each_means_makes_us(db: None, acr: str, assurance: Assurance) -> None:
    assert understand(claims(acr=f"urn:be:vlaanderen:authmech:{acr}")).assurance is assurance


@pytest.mark.parametrize(
    ("pattern", "role"),
    [
        ("X:[0-9]+", "entrepreneur"),
        ("X:(?P<org>[0-9]+)", "office"),
        ("X", "system"),
        ("(", "office"),
        ("X", "koning"),
    ],
)
def test_a_configuration_that_can_not_hold_is_refused_whole(tmp_path: Path, pattern: str, role: str) -> None:
    file = tmp_path / "rights.toml"
    file.write_text(
        f'claim = "c"\nagency = "a"\n[[right]]\npattern = \'{pattern}\'\nrole = "{role}"\n[assurance]\n'
    )
    with pytest.raises(Exception, match=r"pattern|not a valid Role|unterminated"):
        read_rights(file)


def test_the_shipped_configuration_names_every_role_that_acts_by_a_capacity() -> None:
    named = {role for _pattern, role in read_rights(DEFAULT).patterns}
    assert named == set(Role) - {Role.SYSTEM, Role.ACCOUNTANT, Role.NEWCOMER}
