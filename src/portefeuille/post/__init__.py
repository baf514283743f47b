"""Letters on paper: made as PDF, kept sealed until the printer has them."""
