"""Letters on paper, written in the transaction that causes them and handed to the printer after it."""

from __future__ import annotations

from django.db import models

PURPOSE = "paper-letter"  # for which the pages are sealed


class PaperLetter(models.Model):
    """One letter in an envelope. ``key`` makes a second writing of the same letter harmless.

    Its pages hold secrets (an activation code, a card of codes): they are sealed, and wiped once the printer has them.
    """

    key = models.CharField(max_length=120)
    kind = models.CharField(max_length=40)
    person_id = models.BigIntegerField()
    enterprise_number = models.CharField(max_length=10, blank=True)
    envelope = models.TextField(help_text="name and address, a line each")
    sealed_pdf = models.BinaryField(null=True)
    digest = models.CharField(max_length=64, help_text="SHA-256 of the PDF")
    written_at = models.DateTimeField()
    printed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["key"], name="paper_letter_written_once"),
            models.CheckConstraint(
                name="paper_letter_kept_until_printed",
                condition=models.Q(printed_at=None, sealed_pdf__isnull=False)
                | models.Q(printed_at__isnull=False, sealed_pdf=None),
            ),
        ]
        indexes = [
            models.Index(fields=["id"], condition=models.Q(printed_at=None), name="paper_letter_unprinted")
        ]
