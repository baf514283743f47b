"""Measurements as ratios of things measured in turn in one run; see README.md."""
