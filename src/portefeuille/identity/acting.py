"""Telling the database for whom a connection works, so that its walls (``database.walls``) know whom they stand for."""

from __future__ import annotations

from django.db import connection

from portefeuille.identity.roles import Actor

_SETTINGS = ("role", "person", "enterprise", "provider", "key")
_NOBODY = ("",) * len(_SETTINGS)
_SET = "SELECT " + ", ".join(f"set_config('kmo.{name}', %s, false)" for name in _SETTINGS)


def work_for(actor: Actor | None) -> None:
    """From now on this connection works for that actor; for nobody without one, and then it sees nothing.

    A connection that is yet to be made begins for nobody: a page that asks the database nothing makes none.
    """
    if actor is None and connection.connection is None:
        return
    _set(_of(actor) if actor else _NOBODY)


def work_at_the_gate(person: int | None = None) -> None:
    """From now on this connection finds out who somebody is: it sees people and proofs, nothing else."""
    _set(("gate", str(person or ""), "", "", ""))


def work_at_the_mailbox() -> None:
    """From now on this connection sees all messages: for the page of the demo."""
    _set(("mailbox", "", "", "", ""))


def _of(actor: Actor) -> tuple[str, ...]:
    number = "" if actor.person_id is None else str(actor.person_id)
    provider = "" if actor.provider is None else str(actor.provider)
    return (str(actor.role), number, actor.enterprise, provider, actor.key)


def _set(values: tuple[str, ...]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_SET, values)
