"""The bank of a story: it keeps the account, executes payment files, and writes the statements that we then read."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from lxml import etree

from portefeuille.core.formats import coda_writer
from portefeuille.core.money import Money

_NAMESPACE = {"p": "urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"}


@dataclass(slots=True)
class StoryBank:
    """An account at a bank that does exactly what it is told, the next time it closes a day."""

    iban: str
    holder: str
    balance: Money = Money.ZERO
    sequence: int = 0
    waiting: list[coda_writer.Line] = field(default_factory=list)

    def credit(self, amount: Money, *, name: str, account: str, reference: str = "", text: str = "") -> None:
        """Somebody transfers money to the account; ``reference`` is a structured communication, as it was typed."""
        self.waiting.append(
            coda_writer.Line(amount=amount, name=name, account=account, reference=reference, text=text)
        )

    def execute(self, payment_file: bytes) -> int:
        """Take a payment file (pain.001) and carry out its transfers; returns how many."""
        transfers = etree.fromstring(payment_file).findall(".//p:CdtTrfTxInf", _NAMESPACE)
        for transfer in transfers:
            self.waiting.append(
                coda_writer.Line(
                    amount=-Money.euros(_text(transfer, "p:Amt/p:InstdAmt")),
                    name=_text(transfer, "p:Cdtr/p:Nm"),
                    account=_text(transfer, "p:CdtrAcct/p:Id/p:IBAN"),
                    text=_text(transfer, "p:RmtInf/p:Ustrd"),
                    end_to_end_id=_text(transfer, "p:PmtId/p:EndToEndId"),
                )
            )
        return len(transfers)

    def close_day(self, day: date) -> bytes:
        """The statement of the day, as a CODA file."""
        self.sequence += 1
        opening = self.balance
        self.balance += Money(sum(line.amount.cents for line in self.waiting))
        content = coda_writer.write(
            account=self.iban,
            holder=self.holder,
            sequence=self.sequence,
            day=day,
            opening=opening,
            lines=self.waiting,
        )
        self.waiting = []
        return content


def _text(element: etree._Element, path: str) -> str:
    return element.findtext(path, default="", namespaces=_NAMESPACE)
