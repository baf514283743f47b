"""The outbox: written once, sent once, and no message keeps another waiting."""

from __future__ import annotations

import logging
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from django.db import connection, transaction
from tests.messages.conftest import MailServer
from tests.world import World

from portefeuille.messages import queries
from portefeuille.messages.models import Message
from portefeuille.messages.operations import HOLDS_A_CODE, Letter, send_waiting, write

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
LETTER = Letter(
    key="deposit_received:7:12",
    kind="deposit_received",
    to_address="nele@onderneming.example",
    to_name="Bakkerij Korst",
    subject="Storting ontvangen: nog € 2.000,00 te storten",
    text="Dag Bakkerij Korst\n\nStort nog € 2.000,00.\n",
    enterprise="1999100120",
    application=7,
)


def letters(*names: str) -> list[Letter]:
    return [replace(LETTER, key=name, to_address=f"{name}@onderneming.example") for name in names]


def waiting() -> list[str]:
    return list(Message.objects.filter(sent_at=None).order_by("id").values_list("key", flat=True))


@pytest.mark.django_db
class TestWriting:
    def test_the_same_message_is_written_once(self) -> None:
        write([LETTER], at=AT)
        write([replace(LETTER, text="anders"), *letters("other")], at=AT)
        assert [one.text == LETTER.text for one in queries.of_application(7)] == [True, True]

    def test_a_message_twice_in_one_call_is_written_once(self) -> None:
        write([LETTER, LETTER], at=AT)
        assert len(queries.of_application(7)) == 1

    def test_nothing_to_write_asks_nothing(self, django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
        with django_assert_num_queries(0):
            write([], at=AT)

    def test_what_is_undone_is_not_written_either(self) -> None:
        with transaction.atomic():
            write([LETTER], at=AT)
            transaction.set_rollback(True)
        assert waiting() == []

    def test_quotes_accents_and_signs_arrive_as_they_are(self) -> None:
        text = 'Zoë\'s "zaak" {a,b} \\ € “x”\n\tNULL'
        write([replace(LETTER, text=text, to_name="NULL", application=None, enterprise="")], at=AT)
        [message] = queries.newest()
        assert (message.text, message.to_name, message.application) == (text, "NULL", None)


@pytest.mark.django_db
class TestSending:
    def test_a_mail_is_plain_text_to_its_address_under_the_id_of_its_cause(
        self, mail_server: MailServer
    ) -> None:
        write([LETTER], at=AT)
        assert send_waiting(at=AT) == 1
        [mail] = mail_server.mails
        assert mail.get_content_type() == "text/plain"
        assert mail.get_content().splitlines() == LETTER.text.splitlines()
        assert mail["Subject"] == LETTER.subject
        assert mail["To"] == LETTER.to_address
        assert mail["Message-ID"] == "<deposit_received.7.12@kmo-portefeuille>"
        assert mail["Auto-Submitted"] == "auto-generated"

    def test_every_mail_of_a_whole_life_has_a_text_that_says_what_to_do(
        self, mail_server: MailServer, world: World
    ) -> None:
        application = world.apply()
        world.government_pays_in()
        world.deposit(application, "4000.00")
        world.statement()
        world.deposit(application, "2000.00")
        world.statement()
        world.order(application)
        world.pay()
        world.statement()
        assert send_waiting(at=AT) == len(mail_server.mails) == 5
        kinds = set(Message.objects.values_list("kind", flat=True))
        assert kinds == {"deposit_request", "deposit_received", "provider_notice", "provider_paid"}
        for mail in mail_server.mails:
            assert mail.get_content_type() == "text/plain"
            text = mail.get_content()
            assert text.startswith("Dag ")
            assert "KP2026-" in text
            assert "€" in text
            assert "%" not in text
            assert "1700" in text

    def test_sending_again_sends_nothing(self, mail_server: MailServer) -> None:
        write(letters("a", "b"), at=AT)
        assert send_waiting(at=AT) == 2
        assert send_waiting(at=AT) == 0
        assert [mail["To"] for mail in mail_server.mails] == [
            "a@onderneming.example",
            "b@onderneming.example",
        ]
        assert mail_server.calls == 1, "one conversation for all of them"

    def test_what_is_refused_keeps_nothing_waiting_and_repeats_nothing(
        self, mail_server: MailServer, caplog: pytest.LogCaptureFixture
    ) -> None:
        """One wrong address once sent everything before it again, every minute, and nothing after it ever."""
        mail_server.refused = {"b@onderneming.example"}
        write(letters("a", "b", "c"), at=AT)
        with caplog.at_level(logging.WARNING):
            assert send_waiting(at=AT) == 2
        assert waiting() == ["b"]
        assert "b@" not in caplog.text, "logs carry ids, never addresses"
        assert f"message {Message.objects.get(key='b').pk} " in caplog.text
        assert send_waiting(at=AT) == 0
        assert len(mail_server.mails) == 2
        mail_server.refused = set()
        assert send_waiting(at=AT) == 1
        assert waiting() == []

    @pytest.mark.parametrize("address", ["no address", "a@b@c", "", "x\ny@onderneming.example"])
    def test_an_address_that_cannot_be_written_keeps_nothing_waiting(
        self, mail_server: MailServer, address: str
    ) -> None:
        mail_server.refused = {"no address", "a@b@c"}
        write([replace(LETTER, to_address=address), *letters("after")], at=AT)
        assert send_waiting(at=AT) == 1
        assert waiting() == [LETTER.key]

    def test_without_a_mail_server_everything_waits_for_the_next_time(self, mail_server: MailServer) -> None:
        write(letters("a", "b"), at=AT)
        mail_server.hangs_up_after = 1
        assert send_waiting(at=AT) == 1
        assert waiting() == ["b"]
        mail_server.hangs_up_after = None
        assert send_waiting(at=AT) == 1
        assert [mail["To"] for mail in mail_server.mails] == [
            "a@onderneming.example",
            "b@onderneming.example",
        ]

    def test_nobody_at_the_address_of_the_mail_server(self, settings) -> None:  # type: ignore[no-untyped-def]
        settings.MAILERS = {
            "default": {
                "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
                "OPTIONS": {"host": "127.0.0.1", "port": 1},
            }
        }
        write([LETTER], at=AT)
        assert send_waiting(at=AT) == 0
        assert waiting() == [LETTER.key]


def test_two_senders_never_send_the_same_message(committed_db: str, mail_server: MailServer) -> None:
    write(letters(*(f"letter-{number}" for number in range(40))), at=AT)

    def send() -> int:
        try:
            return send_waiting(at=AT)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        sent = [future.result() for future in [pool.submit(send) for _ in range(4)]]
    assert sum(sent) == 40
    assert len({mail["To"] for mail in mail_server.mails}) == len(mail_server.mails) == 40


@pytest.mark.django_db
@pytest.mark.parametrize("kind", sorted(HOLDS_A_CODE))
def test_a_code_that_was_mailed_is_kept_nowhere(mail_server: MailServer, settings, kind: str) -> None:  # type: ignore[no-untyped-def]
    """Whoever reads the outbox, or a backup of it, would be invited in the place of whoever was."""
    settings.DEMO = False
    write([replace(LETTER, key="code", kind=kind, text="Je code is K7QF-9D2M-T4XW"), LETTER], at=AT)
    assert send_waiting(at=AT) == 2
    assert "K7QF-9D2M-T4XW" in mail_server.mails[0].get_content()
    assert [one.text for one in Message.objects.order_by("id")] == ["", LETTER.text]
