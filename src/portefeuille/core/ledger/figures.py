"""What a wallet's figures mean: what is due, held, ordered, paid."""

from __future__ import annotations

from dataclasses import dataclass

from portefeuille.core.ledger.shares import Split, split_payment
from portefeuille.core.money import Money


@dataclass(frozen=True, slots=True)
class Figures:
    """The running totals of one wallet. All amounts are gross: what left is counted apart, never subtracted."""

    own_share: Money
    subsidy: Money
    deposited: Money = Money.ZERO
    topped_up: Money = Money.ZERO
    own_out: Money = Money.ZERO
    subsidy_out: Money = Money.ZERO
    ordered: Money = Money.ZERO
    paid: Money = Money.ZERO
    refunded: Money = Money.ZERO
    returned: Money = Money.ZERO

    @property
    def total(self) -> Money:
        """The amount excluding VAT that the provider can be paid in the end."""
        return self.own_share + self.subsidy

    @property
    def still_due(self) -> Money:
        """What the enterprise still has to deposit."""
        return self.own_share - self.deposited

    @property
    def own_held(self) -> Money:
        """Own share in the wallet now."""
        return self.deposited - self.own_out

    @property
    def subsidy_held(self) -> Money:
        """Subsidy in the wallet now."""
        return self.topped_up - self.subsidy_out

    @property
    def held(self) -> Money:
        """What the wallet holds now, and so what can be ordered."""
        return self.own_held + self.subsidy_held

    @property
    def in_transit(self) -> Money:
        """Ordered, and not yet confirmed by the bank."""
        return self.ordered - self.paid

    def split(self, amount: Money) -> Split:
        """The parts of a payment of ``amount``; ValueError when it is not in the wallet."""
        if self.held < amount:
            raise ValueError(f"the wallet holds {self.held}, less than {amount}")
        return split_payment(
            amount,
            ordered=self.ordered,
            subsidy_out=self.subsidy_out,
            own_share=self.own_share,
            subsidy=self.subsidy,
        )
