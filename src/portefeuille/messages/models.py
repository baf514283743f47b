"""Messages to people: written in the transaction that causes them, sent after it."""

from __future__ import annotations

from django.db import models


class Message(models.Model):
    """One mail. ``key`` makes a second writing of the same message harmless."""

    key = models.CharField(max_length=120)
    kind = models.CharField(max_length=40)
    to_address = models.EmailField()
    to_name = models.CharField(max_length=200)
    enterprise_number = models.CharField(max_length=10, blank=True)
    application_id = models.BigIntegerField(null=True)
    subject = models.CharField(max_length=200)
    text = models.TextField()
    written_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key"], name="message_written_once")]
        indexes = [
            models.Index(fields=["application_id"], name="message_of_application"),
            models.Index(fields=["id"], condition=models.Q(sent_at=None), name="message_unsent"),
        ]
