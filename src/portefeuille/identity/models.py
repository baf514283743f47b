"""Persons, the capacities in which they act, and what an enterprise told about itself."""

from __future__ import annotations

from django.contrib.auth.models import AbstractBaseUser
from django.db import models
from django.utils.crypto import salted_hmac

from portefeuille.identity.roles import Role


class Person(AbstractBaseUser):
    """Somebody who can sign in. Nobody has a password here: sign-in proves who you are elsewhere."""

    password = None
    handle = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=200)
    email = models.EmailField()

    USERNAME_FIELD = "handle"
    REQUIRED_FIELDS = ["name", "email"]

    def get_session_auth_hash(self) -> str:
        """What a session must match: with no password to follow, who the person is."""
        return salted_hmac("portefeuille.identity.Person", self.handle, algorithm="sha256").hexdigest()

    def get_session_auth_fallback_hash(self):  # type: ignore[no-untyped-def]
        """No key was ever part of the hash."""
        return iter(())


class Capacity(models.Model):
    """A person may act in this role: for this enterprise, for this provider, or for the platform itself."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="capacities")
    role = models.CharField(max_length=20, choices=[(role.value, role.value) for role in Role])
    enterprise_number = models.CharField(max_length=10, blank=True)
    provider_id = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="capacity_names_whom_it_is_for",
                condition=(
                    models.Q(role=Role.ENTREPRENEUR, provider_id=None) & ~models.Q(enterprise_number="")
                )
                | models.Q(role=Role.PROVIDER, enterprise_number="", provider_id__isnull=False)
                | models.Q(role__in=[Role.OPERATOR, Role.OFFICE], enterprise_number="", provider_id=None),
            ),
            models.UniqueConstraint(
                fields=["person", "role", "enterprise_number", "provider_id"],
                nulls_distinct=False,
                name="capacity_given_once",
            ),
        ]


class EnterpriseProfile(models.Model):
    """What an enterprise told at its first sign-in. Without it nothing can be applied for."""

    enterprise_number = models.CharField(max_length=10, primary_key=True)
    iban = models.CharField(max_length=34)
    email = models.EmailField()
    size = models.CharField(max_length=10, choices=[(size, size) for size in ("small", "medium", "large")])
    turnover_cents = models.BigIntegerField()
    financial_year_starts = models.CharField(max_length=5, default="01-01", help_text="day and month")
    financial_year_ends = models.CharField(max_length=5, default="31-12", help_text="day and month")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="profile_turnover_not_negative", condition=models.Q(turnover_cents__gte=0)
            )
        ]
