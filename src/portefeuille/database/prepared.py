"""Statements that are planned once for each connection.

A posting is one long statement that touches few rows: planning it costs several times what running it does. A prepared
statement keeps its plan, but PostgreSQL would plan it anew for every set of values as long as that looks cheaper. Every
connection of ours asks for the general plan instead; only what is prepared here heeds that.

Not for statements over many rows: a general plan expects a handful.
"""

from __future__ import annotations

from typing import Any

import psycopg
from django.db import connection
from django.db.backends.utils import CursorWrapper

GENERAL_PLAN = "-c plan_cache_mode=force_generic_plan"

# What a connection must know for this (``django_settings``): prepare at the first use. The framework's own cursors put
# the values into the text, and so never prepare anything.
PREPARE_AT_ONCE = {"prepare_threshold": 0}


def prepared_cursor() -> CursorWrapper:
    """A cursor on the framework's connection, with its transaction, its log of queries and its errors."""
    connection.ensure_connection()
    cursor: psycopg.Cursor[Any] = psycopg.Cursor(connection.connection)
    return (
        connection.make_debug_cursor(cursor) if connection.queries_logged else connection.make_cursor(cursor)
    )
