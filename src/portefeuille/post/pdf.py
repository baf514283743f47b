"""Pages of a letter as PDF: a template in the templates folder, filled in with data, the same bytes each time."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import typst

_HERE = Path(__file__).resolve().parent


def render(template: str, data: Mapping[str, Any], *, at: datetime) -> bytes:
    """A tagged PDF (PDF/UA-1) of ``templates/<template>.typ``; ``data`` must be JSON, ``at`` is its date of making."""
    pdf = _compiler(template).compile(
        format="pdf",
        sys_inputs={"data": json.dumps(data)},
        pdf_standards=["ua-1"],
        timestamp=at.replace(microsecond=0),  # a PDF counts in seconds
    )
    assert isinstance(pdf, bytes), "one format, no output file"
    return pdf


@cache
def _compiler(template: str) -> typst.Compiler:
    return typst.Compiler(
        _HERE / "templates" / f"{template}.typ",
        root=_HERE,
        font_paths=[_HERE / "fonts"],
        ignore_system_fonts=True,
    )
