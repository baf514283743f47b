"""Applications in progress in the demo world, played by the same operations that people use.

Each story that is added here must be harmless to play again: look first whether it was played.
"""

from __future__ import annotations

from datetime import datetime


def play_applications(*, at: datetime) -> int:
    """Play the stories that begin the demo; the number played. None yet: a demo begins with no wallets."""
    return 0
