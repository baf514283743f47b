"""Load the demo world."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from portefeuille.demo.world import load_world


class Command(BaseCommand):
    """Harmless to run again."""

    help = "load fictional enterprises, providers and people, with budgets and a bank account"

    def handle(self, *args: Any, **options: Any) -> None:
        """Load, and say how much."""
        loaded = load_world(at=timezone.now())
        self.stdout.write(
            f"demo world: {loaded.enterprises} enterprises, of which {loaded.providers} providers; "
            f"{loaded.people} people"
        )
