"""What happened, by whom and for whom: events that are never changed, and the keys that make a repeat harmless."""

from __future__ import annotations

from django.db import models


class Event(models.Model):
    """One act in the life of something. The database refuses to change, delete or truncate events.

    Events carry ids only, so that erasing a person leaves the history intact.
    """

    at = models.DateTimeField()
    verb = models.CharField(max_length=40)
    role = models.CharField(max_length=20)
    person_id = models.BigIntegerField(null=True)
    enterprise_number = models.CharField(max_length=10, blank=True)
    mandate_id = models.BigIntegerField(
        null=True, help_text="by which an accountant acted for the enterprise"
    )
    subject = models.CharField(max_length=20)
    subject_id = models.BigIntegerField()
    reason = models.TextField(blank=True)
    facts = models.JSONField(default=dict)

    class Meta:
        indexes = [
            models.Index(fields=["subject", "subject_id", "id"], name="event_of_subject"),
            models.Index(fields=["enterprise_number", "-id"], name="event_of_enterprise"),
        ]


class Look(models.Model):
    """Somebody opened a page with what belongs to an enterprise that is not their own. Never changed.

    ``for_enterprise`` is the own enterprise of who looked: an accountant's office. Empty for others.
    """

    at = models.DateTimeField()
    person_id = models.BigIntegerField(null=True)
    role = models.CharField(max_length=20)
    for_enterprise = models.CharField(max_length=10, blank=True)
    enterprise_number = models.CharField(max_length=10, help_text="whose it is")
    subject = models.CharField(max_length=20)
    subject_id = models.BigIntegerField()

    class Meta:
        indexes = [models.Index(fields=["enterprise_number", "-id"], name="look_at_enterprise")]


class IdempotencyKey(models.Model):
    """A key that a client made before its first send, with what was asked and what was answered."""

    key = models.CharField(max_length=255)
    verb = models.CharField(max_length=40)
    actor = models.CharField(max_length=60)
    body_digest = models.CharField(max_length=64)
    answer = models.JSONField(null=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["actor", "verb", "key"], name="idempotency_key_used_once"),
        ]
