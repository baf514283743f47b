"""The platform's own means of sign-in (a card of codes, an app), and every attempt to sign in.

A person is named here by the keyed hash of the national number: an attempt and an order come before we know whether
there is such a person, and must leave the same traces when there is none.
"""

from __future__ import annotations

from django.db import models

MEANS = ("eid", "acm", "card", "app", "card_order")
LOCKABLE = ("card", "app")  # the platform's own means
# ``released``: somebody who may has wiped the count of wrong attempts before it.
OUTCOMES = ("right", "wrong", "locked", "released")
CARD_STATES = ("ordered", "no_address", "sent", "active", "blocked")
CODES_ON_A_CARD = 24


class Attempt(models.Model):
    """One attempt to sign in. The database refuses to change or delete attempts: lock-outs are counted on them."""

    at = models.DateTimeField()
    means = models.CharField(max_length=10)
    who = models.CharField(max_length=64, blank=True, help_text="keyed hash of a national number")
    person_id = models.BigIntegerField(null=True)
    source = models.CharField(max_length=64, help_text="keyed hash of a network address")
    outcome = models.CharField(max_length=10)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="attempt_is_of_a_known_kind",
                condition=models.Q(means__in=MEANS, outcome__in=OUTCOMES),
            )
        ]
        indexes = [
            models.Index(fields=["who", "means", "-id"], name="attempt_of_somebody"),
            models.Index(fields=["source", "-at"], name="attempt_from_somewhere"),
            models.Index(fields=["person_id", "-id"], name="attempt_of_person"),
        ]


class CodeCard(models.Model):
    """A card of 24 numbered codes. ``asked_number`` is the one code that is asked until it is answered rightly.

    The national number is sealed only until the letter is written: the register needs it to say where somebody lives.
    """

    who = models.CharField(max_length=64, help_text="keyed hash of a national number")
    person_id = models.BigIntegerField(null=True)
    state = models.CharField(max_length=12, choices=[(state, state) for state in CARD_STATES])
    sealed_national_number = models.BinaryField(null=True)
    asked_number = models.SmallIntegerField(default=1)
    ordered_at = models.DateTimeField()
    expected_on = models.DateField()
    sent_at = models.DateTimeField(null=True)
    activated_at = models.DateTimeField(null=True)
    blocked_at = models.DateTimeField(null=True)
    blocked_because = models.CharField(max_length=20, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["who"], condition=~models.Q(state="blocked"), name="card_one_at_a_time"
            ),
            models.CheckConstraint(
                name="card_number_sealed_until_written",
                condition=models.Q(state="ordered", sealed_national_number__isnull=False)
                | (~models.Q(state="ordered") & models.Q(sealed_national_number=None)),
            ),
            models.CheckConstraint(
                name="card_asks_a_code_it_has",
                condition=models.Q(asked_number__gte=1, asked_number__lte=CODES_ON_A_CARD),
            ),
        ]
        indexes = [
            models.Index(fields=["id"], condition=models.Q(state="ordered"), name="card_to_write"),
        ]


class CardCode(models.Model):
    """One code of a card: only its keyed hash is kept."""

    card = models.ForeignKey(CodeCard, on_delete=models.PROTECT, related_name="codes")
    number = models.SmallIntegerField()
    digest = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["card", "number"], name="card_code_once_per_number")]


class TimeCode(models.Model):
    """An app that shows a new code each half minute (RFC 6238). ``last_step`` is the newest code that was used."""

    person_id = models.BigIntegerField()
    who = models.CharField(max_length=64, help_text="keyed hash of a national number")
    sealed_secret = models.BinaryField()
    added_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)
    removed_at = models.DateTimeField(null=True)
    last_step = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["who"], condition=models.Q(removed_at=None), name="time_code_one_at_a_time"
            )
        ]


class EidTicket(models.Model):
    """What the address that reads identity cards hands to the platform's own: once, and within a minute."""

    digest = models.CharField(max_length=64, primary_key=True)
    state_digest = models.CharField(max_length=64)
    person_id = models.BigIntegerField()
    made_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
