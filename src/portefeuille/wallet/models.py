"""The ledger's tables: a narrow row per wallet, one row per transfer, and the payments that leave.

The wallet's row is a running total of its transfers, kept apart from the wide application so that a posting touches
one small row. Everything that it says can be proven from the transfers (``wallet/verification.py``).
"""

from __future__ import annotations

from django.db import models
from django.db.models import CompositePrimaryKey, F, Q

from portefeuille.core.ledger import WALLET_COLUMNS, Figures
from portefeuille.core.money import Money

# 30 million euro: the product of two such amounts in cents still fits in the database's 64-bit integers.
LARGEST_SHARE_CENTS = 3_000_000_000


class Wallet(models.Model):
    """The money of one approved application; its id is the application's.

    All columns ``*_cents`` but the two shares only follow transfers. ``deposited`` and ``topped_up`` are what came
    in; ``own_out`` and ``subsidy_out`` what left again; ``ordered``, ``refunded`` and ``returned`` say where to.
    """

    id = models.BigIntegerField(primary_key=True)
    reference = models.CharField(max_length=12, help_text="twelve digits, the last two a check")
    own_share_cents = models.BigIntegerField()
    subsidy_cents = models.BigIntegerField()
    deposited_cents = models.BigIntegerField(default=0)
    topped_up_cents = models.BigIntegerField(default=0)
    own_out_cents = models.BigIntegerField(default=0)
    subsidy_out_cents = models.BigIntegerField(default=0)
    ordered_cents = models.BigIntegerField(default=0)
    paid_cents = models.BigIntegerField(default=0)
    refunded_cents = models.BigIntegerField(default=0)
    returned_cents = models.BigIntegerField(default=0)
    is_open = models.BooleanField(default=True, help_text="whether it still takes deposits")
    is_exact = models.BooleanField(default=False, help_text="whether only the exact own share is taken")
    deposit_until = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["reference"], name="wallet_reference_unique"),
            models.CheckConstraint(
                name="wallet_shares_bounded",
                condition=Q(own_share_cents__gt=0, own_share_cents__lte=LARGEST_SHARE_CENTS)
                & Q(subsidy_cents__gte=0, subsidy_cents__lte=LARGEST_SHARE_CENTS),
            ),
            models.CheckConstraint(
                name="wallet_deposit_within_own_share",
                condition=Q(deposited_cents__gte=0) & Q(deposited_cents__lte=F("own_share_cents")),
            ),
            models.CheckConstraint(
                name="wallet_top_up_within_its_share",
                condition=Q(topped_up_cents__gte=0)
                & Q(
                    topped_up_cents__lte=F("subsidy_cents") * F("deposited_cents") / F("own_share_cents"),
                ),
            ),
            models.CheckConstraint(
                name="wallet_never_overdrawn",
                condition=Q(own_out_cents__gte=0, own_out_cents__lte=F("deposited_cents"))
                & Q(subsidy_out_cents__gte=0, subsidy_out_cents__lte=F("topped_up_cents")),
            ),
            models.CheckConstraint(
                name="wallet_outs_add_up",
                condition=Q(
                    own_out_cents=F("ordered_cents")
                    + F("refunded_cents")
                    + F("returned_cents")
                    - F("subsidy_out_cents")
                ),
            ),
            models.CheckConstraint(
                name="wallet_paid_within_ordered",
                condition=Q(paid_cents__gte=0, paid_cents__lte=F("ordered_cents"))
                & Q(refunded_cents__gte=0, returned_cents__gte=0),
            ),
        ]
        indexes = [
            models.Index(fields=["deposit_until"], condition=Q(is_open=True), name="wallet_open_by_term")
        ]

    @property
    def figures(self) -> Figures:
        """The row as amounts."""
        return Figures(
            own_share=Money(self.own_share_cents),
            subsidy=Money(self.subsidy_cents),
            **{column.removesuffix("_cents"): Money(getattr(self, column)) for column in WALLET_COLUMNS},
        )


class Transfer(models.Model):
    """An amount that went from one account to another (``core.ledger.MOVES`` says which). Never changed.

    ``source_id`` is what caused it: a movement on the bank account, a payment, a stop. All of these draw their ids
    from one sequence. The primary key is at once the proof against booking twice, the wallet's history and the order
    of writing. ``wallet_id`` is 0 for money that belongs to no wallet.
    """

    pk = CompositePrimaryKey("wallet_id", "source_id", "code")
    wallet_id = models.BigIntegerField()
    source_id = models.BigIntegerField()
    code = models.SmallIntegerField()
    amount_cents = models.BigIntegerField()
    booked_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="transfer_amount_positive", condition=Q(amount_cents__gt=0)),
            models.CheckConstraint(name="transfer_code_known", condition=Q(code__gte=1, code__lte=18)),
        ]


class PaymentKind(models.TextChoices):
    """Why money leaves the bank account."""

    PROVIDER = "provider"
    REFUND = "refund"
    RETURN = "return"


class PaymentState(models.TextChoices):
    """Where a payment stands between the order and the bank's confirmation."""

    ORDERED = "ordered"
    IN_RUN = "in_run"
    PAID = "paid"
    BOUNCED = "bounced"


class Payment(models.Model):
    """Money that has to leave: to a provider, back to an enterprise, or back to an unknown sender."""

    id = models.BigIntegerField(primary_key=True)
    kind = models.CharField(max_length=10, choices=PaymentKind.choices)
    state = models.CharField(max_length=10, choices=PaymentState.choices, default=PaymentState.ORDERED)
    wallet_id = models.BigIntegerField(default=0)
    project_number = models.CharField(
        max_length=16, blank=True, help_text="empty for money of no application"
    )
    amount_cents = models.BigIntegerField()
    own_cents = models.BigIntegerField(default=0)
    subsidy_cents = models.BigIntegerField(default=0)
    creditor_name = models.CharField(max_length=320)
    creditor_iban = models.CharField(max_length=34)
    reference = models.CharField(max_length=25, blank=True, help_text="the creditor's structured reference")
    remittance = models.CharField(
        max_length=140, blank=True, help_text="free text, when there is no reference"
    )
    run_id = models.BigIntegerField(null=True)
    ordered_at = models.DateTimeField()
    ordered_by = models.BigIntegerField(null=True)
    settled_on = models.DateField(null=True, help_text="the bank's entry date")

    class Meta:
        constraints = [
            models.CheckConstraint(name="payment_amount_positive", condition=Q(amount_cents__gt=0)),
            models.CheckConstraint(
                name="payment_parts_add_up",
                condition=~Q(kind="provider") | Q(amount_cents=F("own_cents") + F("subsidy_cents")),
            ),
            models.CheckConstraint(
                name="payment_in_run_has_run", condition=Q(state="ordered") | Q(run_id__isnull=False)
            ),
        ]
        indexes = [
            models.Index(fields=["wallet_id", "id"], name="payment_of_wallet"),
            models.Index(fields=["run_id", "id"], name="payment_of_run"),
            models.Index(fields=["id"], condition=Q(state="ordered"), name="payment_waiting"),
        ]

    @property
    def amount(self) -> Money:
        """What leaves the account."""
        return Money(self.amount_cents)

    @property
    def end_to_end_id(self) -> str:
        """What the bank gives back with its confirmation; follows from the row, so a file made twice is the same.

        It names the project, so that every payment does, also one that carries the provider's own reference.
        """
        return "-".join(part for part in (self.project_number, f"KMOP{self.id:012d}") if part)
