"""Payment files: valid by their schema, the same bytes each time, and refused when a bank would refuse them."""

from __future__ import annotations

import dataclasses
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from portefeuille.core.formats import ogm
from portefeuille.core.formats.pain001 import NAMESPACE, Payment, PaymentFile, plain, write
from portefeuille.core.money import Money

REFERENCE = ogm.make(2026)
PAYMENT = Payment(
    end_to_end_id="KMOP000000000012",
    amount=Money.euros("10000.00"),
    creditor_name="Kompas & Cö BV",
    creditor_iban="BE64999030000352",
    remittance="KP2026-000001 Bakkerij Korst",
)
FILE = PaymentFile(
    message_id="KMOP-RUN-00000001",
    created_at=datetime(2026, 3, 13, 9, 30, 15, 999, tzinfo=UTC),
    execute_on=date(2026, 3, 13),
    debtor_name="Financieel Beheerder KMO",
    debtor_iban="BE49999000000171",
    payments=(
        PAYMENT,
        dataclasses.replace(PAYMENT, end_to_end_id="KMOP000000000013", reference=REFERENCE, remittance=""),
    ),
)


def text(content: bytes, path: str) -> list[str | None]:
    steps = "/".join(f"{{{NAMESPACE}}}{step}" for step in path.split("/"))
    return [element.text for element in etree.fromstring(content).iterfind(f".//{steps}")]


@pytest.mark.parametrize("bic", ["", "GEBABEBB"])
def test_the_file_is_valid_by_its_schema(shared_data: Path, bic: str) -> None:
    schema = etree.XMLSchema(file=str(shared_data / "xsd" / "pain.001.001.09.xsd"))
    schema.assertValid(etree.fromstring(write(dataclasses.replace(FILE, debtor_bic=bic))))


def test_making_it_twice_gives_the_same_bytes() -> None:
    assert write(FILE) == write(FILE)


def test_the_time_is_that_of_brussels_without_fractions() -> None:
    assert text(write(FILE), "GrpHdr/CreDtTm") == ["2026-03-13T10:30:15+01:00"]


def test_count_and_sum_are_those_of_the_payments() -> None:
    assert text(write(FILE), "GrpHdr/NbOfTxs") == ["2"]
    assert text(write(FILE), "GrpHdr/CtrlSum") == ["20000.00"]
    assert text(write(FILE), "PmtInf/CtrlSum") == ["20000.00"]


def test_a_creditors_own_reference_is_structured_and_bare() -> None:
    content = write(FILE)
    assert text(content, "CdtrRefInf/Ref") == [REFERENCE]
    assert text(content, "Tp/Issr") == ["BBA"]
    assert text(content, "RmtInf/Ustrd") == ["KP2026-000001 Bakkerij Korst"]


def test_names_are_spelled_in_what_every_bank_takes() -> None:
    assert text(write(FILE), "Cdtr/Nm") == ["Kompas + Co BV"] * 2


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"payments": ()}, "needs payments"),
        ({"message_id": ""}, "not an id"),
        ({"message_id": "x" * 36}, "not an id"),
        ({"message_id": "/x"}, "not an id"),
        ({"message_id": "a//b"}, "not an id"),
        ({"message_id": "x" * 34}, "not an id"),  # its batch adds two characters
        ({"payments": (dataclasses.replace(PAYMENT, end_to_end_id="a/"),)}, "not an id"),
        ({"payments": (dataclasses.replace(PAYMENT, end_to_end_id="a "),)}, "not an id"),
        ({"payments": (PAYMENT, PAYMENT)}, "share an end-to-end id"),
        ({"payments": (dataclasses.replace(PAYMENT, amount=Money.ZERO),)}, "can't be transferred"),
        ({"payments": (dataclasses.replace(PAYMENT, amount=Money(10**11)),)}, "can't be transferred"),
        ({"payments": (dataclasses.replace(PAYMENT, reference="123456789012"),)}, "structured communication"),
        ({"payments": (dataclasses.replace(PAYMENT, creditor_name="漢字"),)}, "creditor's name"),
        ({"payments": (dataclasses.replace(PAYMENT, remittance=" "),)}, "reference or a text"),
    ],
)
def test_what_a_bank_would_refuse_is_refused_here(change: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        write(dataclasses.replace(FILE, **change))  # type: ignore[arg-type]


def test_the_initiator_is_named_with_its_number() -> None:
    content = write(dataclasses.replace(FILE, debtor_number="1999109919"))
    assert text(content, "InitgPty/Id/OrgId/Othr/Id") == ["1999109919"]
    assert text(content, "InitgPty/Id/OrgId/Othr/Issr") == ["KBO-BCE"]
    assert text(write(FILE), "InitgPty/Id/OrgId/Othr/Id") == []


@pytest.mark.parametrize(
    ("name", "spelled"),
    [
        ("Łódź & Đỗ bvba", "Lodz + Do bvba"),
        ("L’Étoile – Œuvre", "L'Etoile - OEuvre"),
        ("Straße Æ Ø", "Strasse AE O"),
        ("x" * 69 + " y", "x" * 69),
        ("é" * 100, "e" * 70),
        ("A\tB\nC", "A B C"),
        ('info@firma.be; [x] "y"', "info(at)firma.be x y"),
    ],
)
def test_a_name_is_told_in_plain_letters_and_at_most_seventy(name: str, spelled: str) -> None:
    content = write(dataclasses.replace(FILE, payments=(dataclasses.replace(PAYMENT, creditor_name=name),)))
    assert text(content, "Cdtr/Nm") == [spelled]


def test_each_payment_has_a_reference_or_a_text_and_never_both() -> None:
    both = dataclasses.replace(PAYMENT, reference=REFERENCE)
    content = write(dataclasses.replace(FILE, payments=(both,)))
    assert text(content, "CdtrRefInf/Ref") == [REFERENCE]
    assert text(content, "RmtInf/Ustrd") == []


_NAMES = st.text(min_size=1, max_size=320).filter(lambda name: bool(plain(name, 70)))


@settings(max_examples=100)
@given(
    st.lists(
        st.builds(
            Payment,
            end_to_end_id=st.uuids().map(lambda one: f"KP2026-{one.int % 10**27:027d}"),
            amount=st.integers(1, 99_999_999_999).map(Money),
            creditor_name=_NAMES,
            creditor_iban=st.just("BE64999030000352"),
            reference=st.one_of(st.just(""), st.integers(0, 10**10 - 1).map(ogm.make)),
            remittance=_NAMES,
        ),
        min_size=1,
        max_size=4,
        unique_by=lambda payment: payment.end_to_end_id,
    ),
    _NAMES,
    st.sampled_from(["", "1999109919"]),
)
def test_any_payments_make_a_file_that_is_valid_by_its_schema(
    shared_data: Path, payments: list[Payment], debtor: str, number: str
) -> None:
    schema = etree.XMLSchema(file=str(shared_data / "xsd" / "pain.001.001.09.xsd"))
    file = dataclasses.replace(
        FILE,
        payments=tuple(payments),
        debtor_name=debtor,
        debtor_number=number,
        message_id="KMOP-RUN-00000001",
    )
    schema.assertValid(etree.fromstring(write(file)))


@given(st.text(max_size=200), st.integers(1, 140))
def test_plain_text_is_short_and_only_of_allowed_characters(typed: str, longest: int) -> None:
    told = plain(typed, longest)
    assert len(told) <= longest
    assert told == told.strip()
    allowed = set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/-?:().,'+ ")
    assert set(told) <= allowed
