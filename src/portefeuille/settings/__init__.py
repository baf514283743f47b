"""Settings: ``base`` is what every installation shares; the others say only how they differ."""
