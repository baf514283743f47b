"""The operator's bank account: what its statements said, what could not be explained, and the files that pay."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q


class BankAccount(models.Model):
    """The account on which all wallets are kept. Its row is the lock that puts statements one after another."""

    iban = models.CharField(max_length=34, unique=True)
    holder = models.CharField(max_length=70)
    bic = models.CharField(max_length=11, blank=True)
    enterprise_number = models.CharField(
        max_length=10, blank=True, help_text="of the holder; payment files name it"
    )
    government_iban = models.CharField(
        max_length=34, help_text="the account from which the government's money comes"
    )
    balance_cents = models.BigIntegerField(default=0, help_text="the closing balance of the last statement")
    statement_sequence = models.IntegerField(default=0)
    covered_until = models.DateField(null=True, help_text="the closing day of the last statement")


class StatementFile(models.Model):
    """A file that was handed in, as it came, and how far its import is."""

    name = models.CharField(max_length=200)
    content = models.BinaryField()
    digest = models.CharField(max_length=64)
    handed_in_at = models.DateTimeField()
    handed_in_by = models.BigIntegerField(null=True)
    state = models.CharField(
        max_length=10,
        choices=[(s, s) for s in ("waiting", "reading", "booked", "refused")],
        default="waiting",
    )
    done_lines = models.IntegerField(default=0)
    total_lines = models.IntegerField(default=0)
    report = models.JSONField(default=dict)


class Statement(models.Model):
    """One statement of one account, booked. The same statement can't be booked twice."""

    account = models.ForeignKey(BankAccount, on_delete=models.PROTECT, related_name="statements")
    file = models.ForeignKey(StatementFile, null=True, on_delete=models.PROTECT)
    sequence = models.IntegerField()
    closing_on = models.DateField()
    opening_cents = models.BigIntegerField()
    closing_cents = models.BigIntegerField()
    digest = models.CharField(max_length=64, help_text="of what the statement says, not of the file")
    movement_count = models.IntegerField()
    booked_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "digest"], name="statement_booked_once"),
            models.UniqueConstraint(
                fields=["account", "closing_on", "sequence"], name="statement_sequence_used_once"
            ),
        ]


class MovementColumns(models.Model):
    """What a movement holds, in the table and in the view on it."""

    id = models.BigIntegerField(primary_key=True)
    statement = models.ForeignKey(
        Statement, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+"
    )
    line = models.IntegerField()
    amount_cents = models.BigIntegerField(help_text="signed: positive came in")
    entry_on = models.DateField()
    reference = models.CharField(max_length=12, blank=True)
    end_to_end_id = models.CharField(max_length=35, blank=True)
    kind = models.CharField(max_length=20)
    communication = models.TextField(blank=True)
    counterparty_name = models.CharField(max_length=140, blank=True)
    counterparty_account = models.CharField(max_length=37, blank=True)

    class Meta:
        abstract = True


class Movement(MovementColumns):
    """One line of a statement, as the bank sent it. Its id is the source of the transfers that it caused.

    Statements are loaded with COPY, which PostgreSQL refuses beside row-level security: only the worker has a right on
    this table. Everybody else reads ``SeenMovement``.
    """

    class Meta:
        indexes = [models.Index(fields=["statement", "id"], name="movement_of_statement")]


class SeenMovement(MovementColumns):
    """The movements that whoever is behind the connection may see: a view that is their wall."""

    class Meta:
        managed = False
        db_table = "bank_movement_seen"


class ExceptionReason(models.TextChoices):
    """Why a movement could not be booked where it belongs."""

    NO_REFERENCE = "no_reference"
    UNKNOWN_REFERENCE = "unknown_reference"
    WALLET_CLOSED = "wallet_closed"
    TOO_LATE = "too_late"
    NOT_EXACT = "not_exact"
    TOO_MUCH = "too_much"
    UNKNOWN_DEBIT = "unknown_debit"
    BOUNCED_REFUND = "bounced_refund"


class BankException(models.Model):
    """Money on the account (or gone from it) that nobody could explain yet; ``left_cents`` is still in suspense.

    Negative for a debit. Settled when nothing is left.
    """

    movement_id = models.BigIntegerField(unique=True)
    reason = models.CharField(max_length=20, choices=ExceptionReason.choices)
    amount_cents = models.BigIntegerField()
    left_cents = models.BigIntegerField()
    raised_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    settled_how = models.CharField(max_length=20, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="exception_left_within_amount",
                condition=Q(amount_cents__gt=0, left_cents__gte=0, left_cents__lte=F("amount_cents"))
                | Q(amount_cents__lt=0, left_cents__lte=0, left_cents__gte=F("amount_cents")),
            ),
            models.CheckConstraint(
                name="exception_settled_when_nothing_left",
                condition=Q(settled_at=None, left_cents__lt=0)
                | Q(settled_at=None, left_cents__gt=0)
                | Q(settled_at__isnull=False, left_cents=0),
            ),
        ]
        indexes = [models.Index(fields=["id"], condition=Q(settled_at=None), name="exception_open")]


class PaymentRun(models.Model):
    """A file of payments for the bank. Its ids and time follow from this row, so it can be made again byte for byte."""

    account = models.ForeignKey(BankAccount, on_delete=models.PROTECT, related_name="runs")
    made_at = models.DateTimeField()
    made_by = models.BigIntegerField(null=True)
    execute_on = models.DateField()
    payment_count = models.IntegerField()
    total_cents = models.BigIntegerField()
    digest = models.CharField(max_length=64, help_text="of the file")
    released_at = models.DateTimeField(null=True)
    released_by = models.BigIntegerField(null=True)
    handed_over_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="payment_run_seen_by_four_eyes",
                condition=Q(released_by=None, released_at=None)
                | Q(released_by__isnull=False, released_at__isnull=False, made_by__isnull=False)
                & ~Q(released_by=F("made_by")),
            ),
            models.CheckConstraint(
                name="payment_run_released_before_handed_over",
                condition=Q(handed_over_at=None) | Q(released_at__isnull=False),
            ),
        ]

    @property
    def message_id(self) -> str:
        """The file's own id."""
        return f"KMOP-RUN-{self.id:08d}"
