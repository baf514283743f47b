"""Say who can sign in to the demo."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from portefeuille.demo.people import lines


class Command(BaseCommand):
    """One line per person and capacity."""

    help = "print who can sign in: name, what they do, for whom"

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the lines."""
        for line in lines():
            self.stdout.write(line)
