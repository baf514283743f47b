"""How own share and subsidy go together, to the cent.

**Top-up.** The government's part in a wallet is always ``floor(subsidy * deposited / own_share)``. Each deposit adds
the difference between that figure after and before it. Because only the two ends count, the sum over any number of
part deposits equals the one-shot result, no cent is won by splitting, and the last deposit completes the subsidy
exactly. What is deposited above the own share buys no top-up and stays out of the wallet.

**Payment.** What has been ordered so far, ``x`` of a total ``own_share + subsidy``, took ``floor(subsidy * x / total)``
out of the subsidy and the rest out of the own share. Both parts always fit in what the wallet holds: a wallet with
``d`` deposited holds at most ``d * total / own_share``, so ``x`` takes at most ``d`` from the own share and at most
``floor(subsidy * d / own_share)`` from the subsidy.
"""

from __future__ import annotations

from dataclasses import dataclass

from portefeuille.core.money import Money


@dataclass(frozen=True, slots=True)
class Split:
    """The two parts of a payment; they always sum to it."""

    own: Money
    subsidy: Money

    @property
    def total(self) -> Money:
        """The payment itself."""
        return self.own + self.subsidy


def topped_up_at(deposited: Money, *, own_share: Money, subsidy: Money) -> Money:
    """The subsidy that belongs in a wallet once so much of the own share has been deposited."""
    if not own_share > Money.ZERO:
        raise ValueError("a wallet without an own share gets no top-up")
    return subsidy.share(min(deposited, own_share).cents, own_share.cents)


def top_up(deposit: Money, *, already: Money, own_share: Money, subsidy: Money) -> Money:
    """The top-up that one more deposit earns, when ``already`` was deposited before it."""
    before = topped_up_at(already, own_share=own_share, subsidy=subsidy)
    return topped_up_at(already + deposit, own_share=own_share, subsidy=subsidy) - before


def split_payment(
    amount: Money, *, ordered: Money, subsidy_out: Money, own_share: Money, subsidy: Money
) -> Split:
    """The parts that own share and subsidy bear in a payment.

    ``ordered`` was ordered before it, of which ``subsidy_out`` out of the subsidy. After a payment that bounced that
    may be a cent off the floor, so the part is clamped; the next payment makes up for it.
    """
    total = own_share + subsidy
    if not amount > Money.ZERO or total < ordered + amount:
        raise ValueError(f"a payment of {amount} does not fit in {total} of which {ordered} is ordered")
    target = subsidy.share((ordered + amount).cents, total.cents)
    part = min(max(target - subsidy_out, Money.ZERO), amount)
    return Split(own=amount - part, subsidy=part)
