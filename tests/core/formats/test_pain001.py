"""Payment files: valid by their schema, the same bytes each time, and refused when a bank would refuse them."""

from __future__ import annotations

import dataclasses
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given
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


@given(st.text(max_size=200), st.integers(1, 140))
def test_plain_text_is_short_and_only_of_allowed_characters(typed: str, longest: int) -> None:
    told = plain(typed, longest)
    assert len(told) <= longest
    assert told == told.strip()
    allowed = set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/-?:().,'+ ")
    assert set(told) <= allowed
