"""Settings: ``base`` is what every installation shares; ``production``, ``demo`` and ``test`` say only how they differ."""
