"""Do the jobs that wait, until told to stop."""

from __future__ import annotations

import argparse
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand
from procrastinate.contrib.django import app
from procrastinate.jobs import Status
from procrastinate.utils import utcnow


class Command(BaseCommand):
    """The worker; a job that is done leaves nothing behind."""

    help = "do the jobs that wait, until told to stop"

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Whether others may be at work."""
        parser.add_argument(
            "--sole",
            action="store_true",
            help="no other worker runs: what is being done was left by one that was killed, and is begun again at once",
        )

    def handle(self, *args: Any, sole: bool, **options: Any) -> None:
        """Rescue, then work."""
        if sole:
            give_back()
        call_command("procrastinate", "worker", "--delete-jobs", "successful")


def give_back() -> int:
    """Let every job that is being done be done again; returns how many. Each is harmless to run again."""
    left = list(app.job_manager.list_jobs(status=Status.DOING.value))
    for job in left:
        assert job.id is not None
        app.job_manager.retry_job_by_id(job.id, retry_at=utcnow())
    return len(left)
