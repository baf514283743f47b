"""Providers, and the services for which they are recognised."""

from __future__ import annotations

from django.db import models


class Provider(models.Model):
    """An enterprise that sells training or advice. Paid on its own account, under its legal name."""

    enterprise_number = models.CharField(max_length=10, unique=True)
    legal_name = models.CharField(max_length=320)
    trade_name = models.CharField(max_length=320, blank=True)
    iban = models.CharField(max_length=34)
    email = models.EmailField()
    vat_exempt = models.BooleanField(default=False, help_text="exempt under article 44 of the VAT code")

    @property
    def display_name(self) -> str:
        """The name under which customers know it."""
        return self.trade_name or self.legal_name


class Recognition(models.Model):
    """The government recognised a provider for one service, from a first to a last day."""

    provider = models.ForeignKey(Provider, on_delete=models.PROTECT, related_name="recognitions")
    number = models.CharField(max_length=11, unique=True)
    service = models.CharField(max_length=10, choices=[("training", "training"), ("advice", "advice")])
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="recognition_ends_after_it_starts",
                condition=models.Q(valid_to=None) | models.Q(valid_to__gte=models.F("valid_from")),
            ),
            models.CheckConstraint(
                name="recognition_letter_says_the_service",
                condition=models.Q(number__startswith="DV.O", service="training")
                | models.Q(number__startswith="DV.A", service="advice"),
            ),
        ]
