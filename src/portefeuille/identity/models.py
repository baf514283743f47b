"""Persons, the capacities in which they act, mandates, and what an enterprise told about itself."""

from __future__ import annotations

from django.contrib.auth.models import AbstractBaseUser
from django.db import models
from django.utils.crypto import salted_hmac

from portefeuille.identity.roles import OF_A_PROVIDER, OF_AN_ENTERPRISE, OF_THE_PLATFORM, Role

# How a capacity came to be: by a letter to the seat, by what the sign-in says of a legal representative or of rights
# given elsewhere, by an invitation, or by the platform's own administration.
BASES = ("letter", "representative", "rights", "invitation", "office")


class Person(AbstractBaseUser):
    """Somebody who can sign in. Nobody has a password here: sign-in proves who you are elsewhere.

    ``national_number_hash`` is a keyed hash: two sign-ins of one person meet there, and nothing can be read from it.
    ``vo_id`` is how the Flemish access management names a person.
    """

    password = None
    handle = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=200)
    email = models.EmailField(blank=True)
    email_confirmed_at = models.DateTimeField(null=True)
    national_number_hash = models.CharField(max_length=64, null=True, unique=True)
    vo_id = models.CharField(max_length=100, null=True, unique=True)
    sessions_since = models.DateTimeField(null=True, help_text="every session that began before is over")

    USERNAME_FIELD = "handle"
    REQUIRED_FIELDS = ["name", "email"]

    def get_session_auth_hash(self) -> str:
        """What a session must match: with no password to follow, who the person is, and since when sessions count."""
        since = f"@{self.sessions_since.isoformat()}" if self.sessions_since else ""
        return salted_hmac(
            "portefeuille.identity.Person", self.handle + since, algorithm="sha256"
        ).hexdigest()

    def get_session_auth_fallback_hash(self):  # type: ignore[no-untyped-def]
        """No key was ever part of the hash."""
        return iter(())


class Capacity(models.Model):
    """A person may act in this role: for this enterprise, for this provider, or for the platform itself.

    It is ended, never deleted: what was done in it keeps its ground.
    """

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="capacities")
    role = models.CharField(max_length=20, choices=[(role.value, role.value) for role in Role])
    enterprise_number = models.CharField(max_length=10, blank=True)
    provider_id = models.BigIntegerField(null=True)
    basis = models.CharField(max_length=20, choices=[(basis, basis) for basis in BASES], default="office")
    given_at = models.DateTimeField(null=True)
    given_by = models.BigIntegerField(null=True, help_text="a person; none when the platform gave it")
    ended_at = models.DateTimeField(null=True)
    ended_by = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="capacity_names_whom_it_is_for",
                condition=(
                    models.Q(role__in=sorted(OF_AN_ENTERPRISE), provider_id=None)
                    & ~models.Q(enterprise_number="")
                )
                | models.Q(role__in=sorted(OF_A_PROVIDER), enterprise_number="", provider_id__isnull=False)
                | models.Q(role__in=sorted(OF_THE_PLATFORM), enterprise_number="", provider_id=None),
            ),
            models.UniqueConstraint(
                fields=["person", "role", "enterprise_number", "provider_id"],
                condition=models.Q(ended_at=None),
                nulls_distinct=False,
                name="capacity_given_once",
            ),
        ]
        indexes = [models.Index(fields=["enterprise_number"], name="capacity_for_enterprise")]


class Mandate(models.Model):
    """An enterprise lets the people of another one, its accountant's office, act for it until it is ended."""

    enterprise_number = models.CharField(max_length=10)
    office_number = models.CharField(
        max_length=10, help_text="the enterprise number of the accountant's office"
    )
    given_at = models.DateTimeField()
    given_by = models.BigIntegerField()
    ended_at = models.DateTimeField(null=True)
    ended_by = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="mandate_is_for_another",
                condition=~models.Q(enterprise_number=models.F("office_number")),
            ),
            models.UniqueConstraint(
                fields=["enterprise_number", "office_number"],
                condition=models.Q(ended_at=None),
                name="mandate_given_once",
            ),
        ]
        indexes = [models.Index(fields=["office_number"], name="mandate_of_office")]


class EnterpriseProfile(models.Model):
    """What an enterprise told at its first sign-in. Without it nothing can be applied for."""

    enterprise_number = models.CharField(max_length=10, primary_key=True)
    iban = models.CharField(max_length=34)
    email = models.EmailField()
    size = models.CharField(max_length=10, choices=[(size, size) for size in ("small", "medium", "large")])
    turnover_cents = models.BigIntegerField()
    turnover_is_expected = models.BooleanField(
        default=False, help_text="of the year to come, because no year was closed yet"
    )
    people_hundredths = models.BigIntegerField(
        null=True, help_text="hundredths of a full-time year; none when the platform took the size over"
    )
    balance_total_cents = models.BigIntegerField(null=True)
    related = models.JSONField(default=list, help_text="partner and linked enterprises, with their figures")
    size_reason = models.TextField(blank=True, help_text="why the size differs from what the figures propose")
    saved_at = models.DateTimeField(null=True)
    financial_year_starts = models.CharField(max_length=5, default="01-01", help_text="day and month")
    financial_year_ends = models.CharField(max_length=5, default="31-12", help_text="day and month")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="profile_turnover_not_negative", condition=models.Q(turnover_cents__gte=0)
            ),
            models.CheckConstraint(
                name="profile_figures_come_together",
                condition=models.Q(people_hundredths=None, balance_total_cents=None)
                # SQL takes a comparison with nothing for neither true nor false, and would let it pass.
                | models.Q(people_hundredths__isnull=False, balance_total_cents__isnull=False)
                & models.Q(people_hundredths__gte=0, balance_total_cents__gte=0),
            ),
        ]
