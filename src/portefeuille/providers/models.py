"""Providers, and the services for which they are recognised."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

SERVICES = ("training", "advice")
DOCUMENTS = ("audit_report", "certificate")
PURPOSE = "provider-document"  # for which documents are sealed


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
    """The government recognised a provider for one service, from a first to a last day.

    While it is suspended, and from the day that it is struck off, nobody can apply with it; why stands in ``Measure``,
    for this row is public. ``last_notice`` is how many days before the end the last reminder was for; 0 after the end.
    """

    provider = models.ForeignKey(Provider, on_delete=models.PROTECT, related_name="recognitions")
    number = models.CharField(max_length=11, unique=True)
    service = models.CharField(max_length=10, choices=[(one, one) for one in SERVICES])
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    is_starter = models.BooleanField(default=False, help_text="recognised before it could show experience")
    suspended_from = models.DateField(null=True)
    suspended_until = models.DateField(null=True, help_text="the last day; none while nobody ended it")
    struck_off_on = models.DateField(null=True, help_text="the first day on which it counts no more")
    last_notice = models.SmallIntegerField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="recognition_suspension_has_a_first_day",
                condition=Q(suspended_until=None)
                # SQL takes a comparison with nothing for neither true nor false, and would let it pass.
                | Q(suspended_from__isnull=False) & Q(suspended_until__gte=models.F("suspended_from")),
            ),
            models.CheckConstraint(
                name="recognition_struck_off_after_it_starts",
                condition=Q(struck_off_on=None) | Q(struck_off_on__gte=models.F("valid_from")),
            ),
            models.CheckConstraint(
                name="recognition_ends_after_it_starts",
                condition=Q(valid_to=None) | Q(valid_to__gte=models.F("valid_from")),
            ),
            models.CheckConstraint(
                name="recognition_letter_says_the_service",
                condition=Q(number__startswith="DV.O", service="training")
                | Q(number__startswith="DV.A", service="advice"),
            ),
        ]


class RecognitionRequest(models.Model):
    """An enterprise asks to be recognised for one service, or to go on with a recognition that ends.

    It has no provider as long as it is none; what it tells about itself then becomes the provider.
    """

    WAITS, WITHDRAWN, REFUSED, GRANTED = "waits", "withdrawn", "refused", "granted"
    STATES = (WAITS, WITHDRAWN, REFUSED, GRANTED)

    enterprise_number = models.CharField(max_length=10)
    provider = models.ForeignKey(Provider, on_delete=models.PROTECT, null=True, related_name="requests")
    service = models.CharField(max_length=10, choices=[(one, one) for one in SERVICES])
    renews = models.ForeignKey(Recognition, on_delete=models.PROTECT, null=True, related_name="renewals")
    trade_name = models.CharField(max_length=320, blank=True)
    iban = models.CharField(max_length=34)
    email = models.EmailField()
    vat_exempt = models.BooleanField(default=False)
    is_starter = models.BooleanField(default=False)
    audit_bureau = models.CharField(max_length=40)
    audited_on = models.DateField()
    is_declared = models.BooleanField(help_text="on honour, by who asked")
    asked_by = models.BigIntegerField(help_text="a person")
    asked_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=[(one, one) for one in STATES], default=WAITS)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.BigIntegerField(null=True)
    reasons = models.TextField(blank=True)
    recognition = models.ForeignKey(
        Recognition, on_delete=models.PROTECT, null=True, related_name="requests", help_text="what it brought"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["enterprise_number", "service"],
                condition=Q(state="waits"),
                name="recognition_asked_once",
            ),
            models.CheckConstraint(name="recognition_request_is_declared", condition=Q(is_declared=True)),
            models.CheckConstraint(
                name="recognition_request_closed_by_somebody",
                condition=Q(state="waits", closed_at=None, closed_by=None)
                | ~Q(state="waits") & Q(closed_at__isnull=False, closed_by__isnull=False),
            ),
            models.CheckConstraint(
                name="recognition_request_decided_with_reasons",
                condition=~Q(state__in=("refused", "granted")) | ~Q(reasons=""),
            ),
            models.CheckConstraint(
                name="recognition_request_granted_brings_one",
                condition=Q(state="granted", recognition__isnull=False)
                | ~Q(state="granted") & Q(recognition=None),
            ),
            models.CheckConstraint(
                name="recognition_request_of_provider_renews",
                condition=Q(renews=None) | Q(provider__isnull=False),
            ),
        ]


class Document(models.Model):
    """A file that came with a request: whole, sealed, and never changed. The digest is of what was handed in."""

    request = models.ForeignKey(RecognitionRequest, on_delete=models.PROTECT, related_name="documents")
    kind = models.CharField(max_length=20, choices=[(one, one) for one in DOCUMENTS])
    name = models.CharField(max_length=200)
    sealed = models.BinaryField()
    size = models.IntegerField()
    digest = models.CharField(max_length=64, help_text="SHA-256")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["request", "kind"], name="document_of_a_kind_once"),
        ]


class Measure(models.Model):
    """What the office did about a provider, and why. Never changed: what ends a suspension is a row of its own."""

    SUSPENDED, RESUMED, STRUCK_OFF, SESSION = "suspended", "resumed", "struck_off", "session"
    KINDS = (SUSPENDED, RESUMED, STRUCK_OFF, SESSION)

    provider = models.ForeignKey(Provider, on_delete=models.PROTECT, related_name="measures")
    recognition = models.ForeignKey(
        Recognition,
        on_delete=models.PROTECT,
        null=True,
        related_name="measures",
        help_text="none for a session",
    )
    kind = models.CharField(max_length=10, choices=[(one, one) for one in KINDS])
    on = models.DateField(help_text="from when it counts; of a session, when it was")
    reasons = models.TextField()
    person_id = models.BigIntegerField(help_text="of the office")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="measure_says_why", condition=~Q(reasons="")),
            models.CheckConstraint(
                name="measure_is_about_a_recognition",
                condition=Q(kind="session", recognition=None)
                | ~Q(kind="session") & Q(recognition__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["provider", "on"], condition=Q(kind="session"), name="session_attended_once"
            ),
        ]
