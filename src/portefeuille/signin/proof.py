"""Who did what to prove who they are: what operations on means of sign-in ask for, since they come before any role."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from portefeuille.core.errors import ProofNeeded, StrongerSignInNeeded
from portefeuille.identity.roles import PROOF_LASTS, Actor, Assurance, Role


@dataclass(frozen=True, slots=True)
class Proof:
    """A person, how sure we are, and since when."""

    person: int
    assurance: Assurance
    proved_at: datetime | None

    def must_be_fresh(self, at: datetime) -> None:
        """Who holds a session that lies open must not be able to give themselves a key that stays.

        Raises StrongerSignInNeeded, ProofNeeded.
        """
        if self.assurance < Assurance.SUBSTANTIAL:
            raise StrongerSignInNeeded(
                "Hiervoor moeten we zekerder zijn van wie je bent. "
                "Meld je aan met je identiteitskaart, je codekaart of je app.",
                level=Assurance.SUBSTANTIAL,
            )
        if self.proved_at is None or not self.proved_at <= at <= self.proved_at + PROOF_LASTS:
            raise ProofNeeded("Bevestig nog eens wie je bent, voor je iets aan je aanmelding verandert.")

    def actor(self) -> Actor:
        """For the history: nobody in particular, who acts for nobody."""
        return Actor(
            role=Role.SYSTEM, person_id=self.person, assurance=self.assurance, proved_at=self.proved_at
        )
