"""In which region of Belgium a postcode lies.

The regions follow from ranges of postcodes: 1000-1299 is Brussels, 1500-3999 and 8000-9999 Flanders (communes
with language facilities included), all other Belgian postcodes Wallonia.
"""

from __future__ import annotations

import re
from typing import Literal

Region = Literal["flanders", "brussels", "wallonia", "unknown"]

_POSTCODE = re.compile(r"[1-9][0-9]{3}")


def region_of_postcode(postcode: str) -> Region:
    """The region of a Belgian postcode; ``unknown`` for anything that is not four digits, as abroad."""
    if not _POSTCODE.fullmatch(postcode):
        return "unknown"
    number = int(postcode)
    if 1000 <= number <= 1299:
        return "brussels"
    if 1500 <= number <= 3999 or number >= 8000:
        return "flanders"
    return "wallonia"
