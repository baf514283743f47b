"""Cases: the office's queue, as rows."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from portefeuille.cases.kinds import Kind


class Case(models.Model):
    """Something that waits for a person. At most one is open about the same thing.

    Where two people must agree, the first one's answer is kept as a proposal until the second confirms it.
    """

    kind = models.CharField(max_length=20, choices=[(kind.value, kind.value) for kind in Kind])
    subject_id = models.BigIntegerField()
    enterprise_number = models.CharField(max_length=10, blank=True)
    about_person = models.BigIntegerField(null=True, help_text="whose own request it is")
    opened_at = models.DateTimeField()
    term_on = models.DateField()
    owner = models.BigIntegerField(null=True, help_text="the person who works on it")
    proposal = models.JSONField(null=True)
    proposed_by = models.BigIntegerField(null=True)
    proposed_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.BigIntegerField(null=True, help_text="none when the case vanished by itself")
    outcome = models.CharField(max_length=20, blank=True)
    reasons = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "subject_id"], condition=Q(closed_at=None), name="case_open_once"
            ),
            models.CheckConstraint(
                name="case_proposal_has_an_author",
                condition=Q(proposal__isnull=True, proposed_by=None, proposed_at=None)
                | Q(proposal__isnull=False, proposed_by__isnull=False, proposed_at__isnull=False),
            ),
            models.CheckConstraint(
                name="case_confirmed_by_another",
                condition=Q(closed_by=None) | Q(proposed_by=None) | ~Q(closed_by=F("proposed_by")),
            ),
            models.CheckConstraint(
                name="case_proposed_by_another_than_it_is_about",
                condition=Q(about_person=None) | Q(proposed_by=None) | ~Q(proposed_by=F("about_person")),
            ),
        ]
        indexes = [models.Index(fields=["term_on", "id"], condition=Q(closed_at=None), name="case_waiting")]
