"""The laws of the books: the chart of accounts, the top-up to the cent, and how a payment is split."""

from portefeuille.core.ledger.chart import MOVES, WALLET_COLUMNS, Account, Move, Transfer
from portefeuille.core.ledger.figures import Figures
from portefeuille.core.ledger.shares import Split, split_payment, top_up

__all__ = [
    "MOVES",
    "WALLET_COLUMNS",
    "Account",
    "Figures",
    "Move",
    "Split",
    "Transfer",
    "split_payment",
    "top_up",
]
