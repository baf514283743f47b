"""Text as people search it: without accents and capitals, computed by the database without an extension."""

from __future__ import annotations

from django.db.models import F, Func, Q, TextField, Value
from django.db.models.functions import StrIndex
from django.db.models.lookups import GreaterThan


class Folded(Func):
    """``Crème Brûlée`` -> ``creme brulee``. Marks go first: without them lower() works in every locale."""

    template = r"lower(regexp_replace(normalize(%(expressions)s, NFKD), '[\u0300-\u036f]', '', 'g'))"
    output_field = TextField()


def holds(field: str, text: str) -> Q:
    """The condition that a field holds this text, whatever its accents and capitals."""
    return Q(GreaterThan(StrIndex(Folded(F(field)), Folded(Value(text))), 0))
