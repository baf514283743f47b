"""What the database holds but can't read: keyed hashes to compare with, and sealed bytes to open again.

Both hang on one key of the installation (``SEALING_KEY``), which is in no table and in no backup of one. Each purpose
has a key of its own, derived from it, so that a hash made for one purpose says nothing about another.
"""

from __future__ import annotations

import hmac
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

_NONCE_BYTES = 12


def keyed_hash(purpose: str, text: str) -> str:
    """64 hexadecimal digits by which two equal texts are recognised, by nobody without the key."""
    return hmac.digest(_key(purpose), text.encode(), "sha256").hex()


def seal(purpose: str, content: bytes) -> bytes:
    """The content, readable and changeable only with the key, and only for the same purpose."""
    nonce = os.urandom(_NONCE_BYTES)
    return nonce + AESGCM(_key(purpose)).encrypt(nonce, content, purpose.encode())


def unseal(purpose: str, sealed: bytes) -> bytes:
    """What was sealed. Raises ValueError when it was changed, sealed for something else, or with another key."""
    nonce, hidden = sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:]
    try:
        return AESGCM(_key(purpose)).decrypt(nonce, hidden, purpose.encode())
    except InvalidTag:
        raise ValueError(f"not sealed for {purpose} with this installation's key") from None


def _key(purpose: str) -> bytes:
    if not settings.SEALING_KEY:
        raise RuntimeError("KMO_SEALING_KEY_FILE is not set: nothing can be sealed or opened")
    derive = HKDF(algorithm=SHA256(), length=32, salt=None, info=f"portefeuille:{purpose}".encode())
    return derive.derive(settings.SEALING_KEY.encode())
