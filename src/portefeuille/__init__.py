"""An open platform for the kmo-portefeuille: a subsidy wallet for training and advice."""

__version__ = "0.1.0"
