"""An app that shows codes: added by its first code, believed once, forgiving a clock that is half a minute off."""

from __future__ import annotations

import base64
from dataclasses import replace
from datetime import datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import IntegrityError, transaction
from tests.signin.people import HERE, NELE, NOBODY, NOW, known

from portefeuille.core.errors import (
    Invalid,
    NotAllowed,
    NotFound,
    ProofNeeded,
    StrongerSignInNeeded,
    WrongState,
)
from portefeuille.identity.models import Person
from portefeuille.identity.national_number import hash_of
from portefeuille.identity.operations.recognise import recognise
from portefeuille.identity.roles import Actor, Assurance, Role
from portefeuille.messages.models import Message
from portefeuille.signin.attempts import LockedOut, WrongCode
from portefeuille.signin.models import TimeCode
from portefeuille.signin.operations.time_codes import (
    STEP_SECONDS,
    code_at,
    confirm_app,
    prove_by_app,
    remove_app,
    start_app,
)

pytestmark = pytest.mark.django_db
STEP = timedelta(seconds=STEP_SECONDS)


@pytest.fixture
def nele() -> Actor:
    person = recognise(name="Nele Peeters", national_number_hash=hash_of(NELE))
    return known(person.pk)


@pytest.fixture
def secret(nele: Actor) -> bytes:
    """What an app that was added ten minutes ago holds."""
    earlier = NOW - timedelta(minutes=10)
    before = replace(nele, proved_at=earlier)
    made = base64.b32decode(start_app(actor=before, at=earlier).secret)
    confirm_app(actor=before, code=shown(made, earlier), at=earlier)
    return made


def shown(secret: bytes, at: datetime) -> str:
    """What the app shows at that moment."""
    return code_at(secret, int(at.timestamp()) // STEP_SECONDS).decode()


def use(code: str, *, number: str = NELE, at: datetime = NOW) -> int:
    return prove_by_app(national_number=number, code=code, source=HERE, at=at)


def test_rfc_6238() -> None:
    """The last six digits of the standard's own table (appendix B, SHA-1)."""
    for seconds, code in ((59, b"287082"), (1111111109, b"081804"), (20000000000, b"353130")):
        assert code_at(b"12345678901234567890", seconds // STEP_SECONDS) == code


def test_the_address_to_scan_tells_all_that_an_app_needs(nele: Actor) -> None:
    new = start_app(actor=nele, at=NOW)
    address = urlsplit(new.address)
    assert (address.scheme, address.netloc) == ("otpauth", "totp")
    assert parse_qs(address.query) == {"secret": [new.secret], "issuer": ["kmo-portefeuille"]}
    assert start_app(actor=nele, at=NOW) == new, "loading the page again shows the same"


def test_it_works_once_its_first_code_was_typed(nele: Actor) -> None:
    secret = base64.b32decode(start_app(actor=nele, at=NOW).secret)
    with pytest.raises(WrongCode):
        use(shown(secret, NOW))
    with pytest.raises(Invalid):
        confirm_app(actor=nele, code="000000", at=NOW)
    confirm_app(actor=nele, code=shown(secret, NOW), at=NOW)
    assert use(shown(secret, NOW + STEP), at=NOW + STEP) == nele.person_id


def test_a_code_is_believed_once_and_so_is_every_code_before_it(secret: bytes) -> None:
    assert use(shown(secret, NOW))
    for replayed in (NOW, NOW - STEP):
        with pytest.raises(WrongCode):
            use(shown(secret, replayed), at=NOW)
    assert use(shown(secret, NOW + STEP), at=NOW + STEP)


@pytest.mark.parametrize(
    ("steps", "is_believed"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)]
)
def test_a_clock_may_be_one_step_off(secret: bytes, steps: int, is_believed: bool) -> None:
    code = shown(secret, NOW + steps * STEP)
    if is_believed:
        assert use(f" {code[:3]} {code[3:]} ")
    else:
        with pytest.raises(WrongCode):
            use(code)


@pytest.mark.parametrize("code", ["", "12345", "1234567", "abcdef", "éééééé", "１２３４５６"])
def test_what_is_no_code_is_just_wrong(secret: bytes, code: str) -> None:
    with pytest.raises(WrongCode):
        use(code)


def test_who_has_none_is_told_the_same(secret: bytes) -> None:
    answers = []
    for number in (NELE, NOBODY):
        with pytest.raises(WrongCode) as refused:
            use("000000", number=number)
        answers.append((refused.value.sentence, refused.value.left))
    assert answers[0] == answers[1]
    nothing = code_at(bytes(20), int(NOW.timestamp()) // STEP_SECONDS).decode()
    with pytest.raises(WrongCode):
        use(nothing, number=NOBODY)


def test_it_locks_like_a_card(secret: bytes) -> None:
    for _time in range(5):
        with pytest.raises((WrongCode, LockedOut)):
            use("000000")
    with pytest.raises(LockedOut):
        use(shown(secret, NOW))


def test_removed_it_opens_nothing_and_its_secret_is_gone(nele: Actor, secret: bytes) -> None:
    with pytest.raises(WrongState):
        start_app(actor=nele, at=NOW)
    remove_app(actor=nele, at=NOW)
    with pytest.raises(WrongCode):
        use(shown(secret, NOW))
    assert bytes(TimeCode.objects.get().sealed_secret) == b""
    with pytest.raises(NotFound):
        remove_app(actor=nele, at=NOW)
    with pytest.raises(NotFound):
        confirm_app(actor=nele, code="000000", at=NOW)


def test_the_secret_can_not_be_read_from_the_table(nele: Actor, secret: bytes) -> None:
    assert secret not in bytes(TimeCode.objects.get().sealed_secret)


def test_an_open_session_is_not_enough_to_add_one(nele: Actor) -> None:
    with pytest.raises(ProofNeeded):
        start_app(actor=nele, at=NOW + timedelta(minutes=16))
    with pytest.raises(StrongerSignInNeeded):
        start_app(actor=replace(nele, assurance=Assurance.LOW), at=NOW)
    with pytest.raises(NotAllowed):
        start_app(actor=replace(nele, role=Role.OFFICE), at=NOW)


def test_who_has_no_number_with_us_can_not_add_one() -> None:
    person = Person.objects.create(handle="x", name="X", vo_id="v")
    with pytest.raises(Invalid):
        start_app(actor=known(person.pk), at=NOW)


def test_there_is_one_app_at_a_time(nele: Actor, secret: bytes) -> None:
    with pytest.raises(IntegrityError, match="time_code_one_at_a_time"), transaction.atomic():
        TimeCode.objects.create(person_id=1, who=hash_of(NELE), sealed_secret=b"", added_at=NOW)


def test_a_new_app_is_told_of_where_its_owner_reads(nele: Actor) -> None:
    """With a stolen card of codes somebody adds an app, and keeps it after the card is blocked."""
    Person.objects.update(email="nele@test.example", email_confirmed_at=NOW)
    made = base64.b32decode(start_app(actor=nele, at=NOW).secret)
    assert not Message.objects.exists()
    confirm_app(actor=nele, code=shown(made, NOW), at=NOW)
    [told] = Message.objects.all()
    assert (told.kind, told.to_address) == ("app_added", "nele@test.example")
    assert "Deed je dat niet zelf?" in told.text
