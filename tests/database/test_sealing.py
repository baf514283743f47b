"""Keyed hashes and sealed bytes."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portefeuille.database.sealing import keyed_hash, seal, unseal


@given(content=st.binary(max_size=500))
def test_what_is_sealed_can_be_opened_and_never_looks_the_same_twice(content: bytes) -> None:
    first, second = seal("letter", content), seal("letter", content)
    assert unseal("letter", first) == unseal("letter", second) == content
    assert first != second


def test_sealed_bytes_hide_what_they_hold() -> None:
    assert b"71715100070" not in seal("letter", b"71715100070" * 10)


@pytest.mark.parametrize("where", [0, 11, 12, 20, -1])
def test_a_changed_byte_is_noticed(where: int) -> None:
    sealed = bytearray(seal("letter", b"a secret"))
    sealed[where] ^= 1
    with pytest.raises(ValueError, match="not sealed for letter"):
        unseal("letter", bytes(sealed))


def test_another_purpose_or_another_key_opens_nothing(settings: Any) -> None:
    sealed = seal("letter", b"a secret")
    with pytest.raises(ValueError, match="not sealed for card"):
        unseal("card", sealed)
    settings.SEALING_KEY = "another"
    with pytest.raises(ValueError, match="not sealed for letter"):
        unseal("letter", sealed)


def test_a_keyed_hash_is_the_same_for_the_same_text_purpose_and_key_only(settings: Any) -> None:
    first = keyed_hash("national-number", "71715100070")
    assert len(first) == 64
    assert first == keyed_hash("national-number", "71715100070")
    assert first != keyed_hash("national-number", "71715100071")
    assert first != keyed_hash("code", "71715100070")
    settings.SEALING_KEY = "another"
    assert first != keyed_hash("national-number", "71715100070")


def test_without_a_key_nothing_is_sealed(settings: Any) -> None:
    settings.SEALING_KEY = ""
    with pytest.raises(RuntimeError, match="KMO_SEALING_KEY_FILE"):
        seal("letter", b"a secret")
    with pytest.raises(RuntimeError, match="KMO_SEALING_KEY_FILE"):
        keyed_hash("code", "1234")
