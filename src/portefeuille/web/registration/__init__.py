"""Becoming authorised, what an enterprise tells about itself, and who acts for it."""
