"""Applications for subsidy, who takes part in them, the decisions on them, and the ceilings that they use."""

from __future__ import annotations

from django.db import models

from portefeuille.applications.asked import vat_on
from portefeuille.core.lifecycle import State
from portefeuille.core.money import Money


class Application(models.Model):
    """One request for the subsidy: what is bought, from whom, for whom and when.

    A draft keeps what was typed, as it was typed, in ``answers``; the other columns are filled when it is submitted
    and don't change afterwards, but for the state and the outcome of the decision.
    """

    state = models.CharField(max_length=20, choices=[(s.value, s.value) for s in State], default=State.DRAFT)
    scheme = models.CharField(max_length=40)
    enterprise_number = models.CharField(max_length=10)
    enterprise_name = models.CharField(max_length=320)
    answers = models.JSONField(default=dict)
    started_at = models.DateTimeField()
    started_by = models.BigIntegerField()

    project_number = models.CharField(max_length=16, null=True, unique=True)
    submitted_at = models.DateTimeField(null=True)
    submitted_by = models.BigIntegerField(null=True)
    service = models.CharField(max_length=10, blank=True)
    name = models.CharField(max_length=200, blank=True)
    theme = models.CharField(max_length=60, blank=True)
    form = models.CharField(max_length=20, blank=True)
    nace_version = models.CharField(max_length=4, blank=True)
    nace_code = models.CharField(max_length=7, blank=True)
    support = models.TextField(blank=True, help_text="how it serves the activity, in the applicant's words")
    agreement_on = models.DateField(null=True)
    starts_on = models.DateField(null=True)
    ends_on = models.DateField(null=True)
    amount_cents = models.BigIntegerField(null=True, help_text="excluding VAT")
    vat_basis_points = models.IntegerField(null=True, help_text="null when exempt")
    provider = models.ForeignKey("providers.Provider", null=True, on_delete=models.PROTECT)
    recognition_number = models.CharField(max_length=11, blank=True)

    regime = models.CharField(max_length=40, blank=True)
    subsidy_cents = models.BigIntegerField(null=True)
    own_share_cents = models.BigIntegerField(null=True)
    ceiling_year = models.IntegerField(null=True)
    counted_cents = models.BigIntegerField(
        default=0, help_text="what of the subsidy counts in the year's ceiling"
    )
    waiting_for = models.CharField(max_length=20, blank=True, help_text="office or budget, while submitted")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="application_amounts_add_up",
                condition=models.Q(subsidy_cents=None)
                | models.Q(amount_cents=models.F("subsidy_cents") + models.F("own_share_cents")),
            ),
            models.CheckConstraint(
                name="application_submitted_has_project_number",
                condition=models.Q(state=State.DRAFT)
                | models.Q(project_number__isnull=False)
                | models.Q(state=State.CANCELLED),
            ),
            models.CheckConstraint(
                name="application_amount_positive",
                condition=models.Q(amount_cents=None) | models.Q(amount_cents__gt=0),
            ),
        ]
        indexes = [
            models.Index(fields=["enterprise_number", "id"], name="application_of_enterprise"),
            models.Index(fields=["provider", "id"], name="application_of_provider"),
            models.Index(
                fields=["id"],
                condition=models.Q(state=State.SUBMITTED),
                name="application_waiting",
            ),
        ]

    @property
    def amount(self) -> Money:
        """Excluding VAT."""
        return Money(self.amount_cents or 0)

    @property
    def subsidy(self) -> Money:
        """The government's part."""
        return Money(self.subsidy_cents or 0)

    @property
    def own_share(self) -> Money:
        """The enterprise's part."""
        return Money(self.own_share_cents or 0)

    @property
    def vat(self) -> Money:
        """What the enterprise owes the provider directly; nothing when the provider is exempt."""
        return vat_on(self.amount, self.vat_basis_points)


class Participant(models.Model):
    """Somebody who follows the training, or for whom the advice is, and the tie to the enterprise."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="participants")
    name = models.CharField(max_length=200)
    tie = models.CharField(max_length=30)


class Decision(models.Model):
    """An answer to an application, with the bytes from which it can be replayed. Never changed, never deleted."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="decisions")
    at = models.DateTimeField()
    outcome = models.CharField(max_length=20)
    record = models.BinaryField()
    digest = models.CharField(max_length=64)
    decided_by = models.BigIntegerField(null=True, help_text="the case officer; null when the rules decided")
    reasons = models.TextField(blank=True)


class CeilingUse(models.Model):
    """What an enterprise was granted in a year, and the most that it may be granted."""

    enterprise_number = models.CharField(max_length=10)
    scheme = models.CharField(max_length=40)
    year = models.IntegerField()
    ceiling_cents = models.BigIntegerField()
    granted_cents = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["enterprise_number", "scheme", "year"], name="ceiling_use_once_a_year"
            ),
            models.CheckConstraint(
                name="ceiling_not_exceeded", condition=models.Q(granted_cents__lte=models.F("ceiling_cents"))
            ),
            models.CheckConstraint(name="ceiling_use_not_negative", condition=models.Q(granted_cents__gte=0)),
        ]
