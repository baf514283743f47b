"""Writing history, and answering a repeated request with the first answer."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from portefeuille.core.errors import Invalid, KeyReused
from portefeuille.history.models import IdempotencyKey, Look
from portefeuille.identity.roles import Actor

LONGEST_KEY = 255


def record(
    *,
    actor: Actor,
    verb: str,
    subject: str,
    subject_id: int,
    at: datetime,
    enterprise: str = "",
    reason: str = "",
    facts: Mapping[str, Any] | None = None,
) -> None:
    """Write one event, in the transaction of the change that it tells of."""
    record_many(
        actor=actor,
        verb=verb,
        subject=subject,
        at=at,
        reason=reason,
        each=[(subject_id, enterprise, facts or {})],
    )


def record_many(
    *,
    actor: Actor,
    verb: str,
    subject: str,
    at: datetime,
    each: Iterable[tuple[int, str, Mapping[str, Any]]],
    reason: str = "",
) -> None:
    """The same verb for many subjects: ``each`` holds (subject id, enterprise, facts)."""
    rows = [
        (subject_id, enterprise or actor.enterprise, json.dumps(dict(facts)))
        for subject_id, enterprise, facts in each
    ]
    if not rows:
        return
    subject_ids, enterprises, facts_of_each = zip(*rows, strict=True)
    with connection.cursor() as cursor:
        cursor.execute(
            """INSERT INTO history_event
                   (at, verb, role, person_id, mandate_id, subject, reason, subject_id, enterprise_number, facts)
               SELECT %s, %s, %s, %s, %s, %s, %s, * FROM unnest(%s::bigint[], %s::text[], %s::jsonb[])""",
            [
                *(at, verb, str(actor.role), actor.person_id, actor.mandate, subject, reason),
                *(list(subject_ids), list(enterprises), list(facts_of_each)),
            ],
        )


def look(*, actor: Actor, subject: str, subject_id: int, enterprise: str, at: datetime) -> None:
    """Note that somebody saw what belongs to an enterprise; people of the enterprise itself need no note."""
    look_many(actor=actor, subject=subject, each=[(subject_id, enterprise)], at=at)


def look_many(*, actor: Actor, subject: str, each: Iterable[tuple[int, str]], at: datetime) -> None:
    """The same for a page that shows several: ``each`` holds (subject id, enterprise); one statement."""
    for_enterprise = actor.office or actor.enterprise
    looks = [
        Look(
            at=at,
            person_id=actor.person_id,
            role=actor.role,
            for_enterprise=for_enterprise,
            enterprise_number=enterprise,
            subject=subject,
            subject_id=subject_id,
        )
        for subject_id, enterprise in each
        if actor.enterprise != enterprise or actor.mandate is not None
    ]
    if looks:
        Look.objects.bulk_create(looks)


def once[Answer](
    *, key: str, actor: Actor, verb: str, body: Mapping[str, Any], at: datetime, act: Callable[[], Answer]
) -> Answer:
    """Run ``act`` at most once for this key; a repeat with the same body gets the stored answer.

    The answer must be JSON. A twin that is still running makes the second one wait for its end. When ``act`` raises,
    nothing is stored, so a refused request may be sent again. Raises KeyReused when the key came with another body.
    """
    if not key or len(key) > LONGEST_KEY:
        raise Invalid(
            f"Een sleutel telt 1 tot {LONGEST_KEY} tekens. Laad de pagina opnieuw en probeer het nog eens."
        )
    digest = hashlib.sha256(json.dumps(body, sort_keys=True, default=str).encode()).hexdigest()
    with transaction.atomic():
        if not _claim(key, actor, verb, digest, at):
            known = IdempotencyKey.objects.get(actor=actor.key, verb=verb, key=key)
            if known.body_digest != digest:
                raise KeyReused(
                    "Deze aanvraag werd al eens verstuurd met andere gegevens. Laad de pagina opnieuw."
                )
            return known.answer  # type: ignore[no-any-return]
        answer = act()
        IdempotencyKey.objects.filter(actor=actor.key, verb=verb, key=key).update(answer=answer)
        return answer


def _claim(key: str, actor: Actor, verb: str, digest: str, at: datetime) -> bool:
    """Whether this transaction is the first with the key; waits for a twin that is still running."""
    with connection.cursor() as cursor:
        cursor.execute(
            """INSERT INTO history_idempotencykey (key, verb, actor, body_digest, at) VALUES (%s, %s, %s, %s, %s)
               ON CONFLICT ON CONSTRAINT idempotency_key_used_once DO NOTHING""",
            [key, verb, actor.key, digest, at],
        )
        return cursor.rowcount == 1
