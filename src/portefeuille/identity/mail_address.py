"""What counts as a mail address, wherever one is typed. Whether its owner reads it, a code that comes back says."""

from __future__ import annotations

import re

from portefeuille.core.errors import Invalid

_ADDRESS = re.compile(r"[^@\s,;<>]+@[^@\s,;<>]+\.[^@\s.,;<>]{2,}")
_LONGEST = 254  # Source: RFC 5321, 4.5.3.1.3, without the brackets around a path


def mail_address(typed: str) -> str:
    """The address without the space around it. Raises Invalid with the field."""
    address = typed.strip()
    if not _ADDRESS.fullmatch(address) or len(address) > _LONGEST:
        raise Invalid("Dit is geen e-mailadres. Schrijf het zo: naam@voorbeeld.be.", field="email")
    return address
