"""Stories: a scheme's guide played from start to end through the real operations, on a clock of its own."""
