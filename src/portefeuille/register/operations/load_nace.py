"""Load what activity codes mean: NACE-BEL 2008 and 2025, in Dutch. The lists come with the package."""

from __future__ import annotations

from importlib.resources import files

from django.db import transaction

from portefeuille.register.codes import CURRENT_NACE
from portefeuille.register.models import NaceCode


@transaction.atomic
def load_nace() -> dict[str, int]:
    """Bring the table to the package's lists; the number of codes per version. Harmless to repeat."""
    codes = [code for version in CURRENT_NACE for code in _codes(version)]
    NaceCode.objects.bulk_create(
        codes,
        update_conflicts=True,
        unique_fields=["version", "code"],
        update_fields=["label"],
        batch_size=2000,
    )
    return {version: sum(code.version == version for code in codes) for version in CURRENT_NACE}


def _codes(version: str) -> list[NaceCode]:
    text = (files("portefeuille.register") / "data" / f"nacebel{version}.tsv").read_text(encoding="utf-8")
    rows = (line.split("\t") for line in text.splitlines() if not line.startswith("#"))
    return [NaceCode(version=version, code=code, label=label) for code, label in rows]
