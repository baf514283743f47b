"""Codes that were sent and wait to come back. No code is kept: only a keyed hash of each."""

from __future__ import annotations

from django.db import models


class SentCode(models.Model):
    """A code that was sent. A newer one of the same kind replaces it, so that an old one is worth nothing."""

    code_hash = models.CharField(max_length=64, blank=True, help_text="empty: no code can be right")
    sent_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)
    wrong_attempts = models.SmallIntegerField(default=0)
    times_sent = models.SmallIntegerField(default=0)

    class Meta:
        abstract = True


class EmailConfirmation(SentCode):
    """The mail address that a person typed and has yet to confirm: one per person."""

    person_id = models.BigIntegerField(unique=True)
    email = models.EmailField()
    first_sent_at = models.DateTimeField(
        help_text="when the round of sendings began that ``times_sent`` counts"
    )


class Activation(SentCode):
    """A person who asked to be linked to an enterprise, until a letter to its seat says yes.

    ``address_basis`` says where the address on the letter came from: the seat in the register, a live look-up, an
    establishment in the register, or the office. Never from the person. A letter abroad or without an address waits
    for the office.
    """

    WAITS, SENT, DONE, REFUSED = "needs_office", "sent", "done", "refused"
    STATES = (WAITS, SENT, DONE, REFUSED)
    OPEN = (WAITS, SENT)

    person_id = models.BigIntegerField()
    enterprise_number = models.CharField(max_length=10)
    state = models.CharField(max_length=12, choices=[(state, state) for state in STATES])
    why_office = models.CharField(max_length=20, blank=True)
    address_basis = models.CharField(max_length=20, blank=True)
    envelope = models.TextField(
        blank=True, help_text="name and address, a line each, as the last letter had them"
    )
    asked_at = models.DateTimeField()
    expected_on = models.DateField(null=True, help_text="the last day on which the letter should be there")
    decided_by = models.BigIntegerField(
        null=True, help_text="the person of the office who settled the address"
    )
    reasons = models.TextField(blank=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person_id", "enterprise_number"],
                condition=models.Q(closed_at=None),
                name="activation_asked_once",
            ),
            models.CheckConstraint(
                name="activation_sent_has_code",
                condition=~models.Q(state="sent")
                | ~models.Q(code_hash="") & models.Q(expected_on__isnull=False, expires_at__isnull=False),
            ),
            models.CheckConstraint(
                name="activation_closed_when_over",
                condition=models.Q(state__in=("needs_office", "sent"), closed_at=None)
                | models.Q(state__in=("done", "refused"), closed_at__isnull=False, code_hash=""),
            ),
        ]
        indexes = [models.Index(fields=["enterprise_number"], name="activation_for_enterprise")]


class LetterSent(models.Model):
    """Each letter that left, to count them: a person and an enterprise get only so many a month."""

    activation_id = models.BigIntegerField()
    person_id = models.BigIntegerField()
    enterprise_number = models.CharField(max_length=10)
    at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["person_id", "at"], name="letter_sent_for_person"),
            models.Index(fields=["enterprise_number", "at"], name="letter_sent_to_enterprise"),
        ]


class Invitation(SentCode):
    """An administrator invites somebody by mail. ``reference`` is in the link, and can't be guessed.

    It is over when it was accepted or withdrawn (``closed_at``), or when its code expired or was mistaken too often.
    """

    reference = models.CharField(max_length=32, unique=True)
    enterprise_number = models.CharField(max_length=10, blank=True)
    provider_id = models.BigIntegerField(null=True)
    role = models.CharField(max_length=20)
    email = models.EmailField()
    name = models.CharField(max_length=200)
    invited_by = models.BigIntegerField()
    invited_at = models.DateTimeField()
    accepted_by = models.BigIntegerField(null=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="invitation_names_whom_it_is_for",
                condition=models.Q(role__in=("enterprise_admin", "entrepreneur"), provider_id=None)
                & ~models.Q(enterprise_number="")
                | models.Q(
                    role__in=("provider", "provider_admin"), enterprise_number="", provider_id__isnull=False
                ),
            ),
            models.UniqueConstraint(
                fields=["enterprise_number", "provider_id", "email"],
                condition=models.Q(closed_at=None),
                nulls_distinct=False,
                name="invitation_sent_once",
            ),
            models.CheckConstraint(
                name="invitation_accepted_is_closed",
                condition=models.Q(accepted_by=None) | models.Q(closed_at__isnull=False),
            ),
        ]
