"""A mail server that takes down what it is sent, and refuses what a test tells it to."""

from __future__ import annotations

import email
import email.policy
import socket
import threading
from collections.abc import Iterator
from email.message import EmailMessage

import pytest


class MailServer(threading.Thread):
    """Speaks just enough SMTP. ``refused`` addresses are refused; ``silent_after`` mails it hangs up."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.port: int = self.listening.getsockname()[1]
        self.mails: list[EmailMessage] = []
        self.refused: set[str] = set()
        self.hangs_up_after: int | None = None
        self.calls = 0

    def run(self) -> None:
        while True:
            try:
                connection, _ = self.listening.accept()
            except OSError:
                return
            self.calls += 1
            with connection, connection.makefile("rwb", buffering=0) as line:
                self._serve(line)

    def _serve(self, line) -> None:  # type: ignore[no-untyped-def]
        line.write(b"220 here\r\n")
        while said := line.readline():
            verb = said[:4].upper()
            if verb == b"QUIT":
                line.write(b"221 bye\r\n")
                return
            if verb == b"RCPT" and any(one.encode() in said for one in self.refused):
                line.write(b"550 nobody here by that name\r\n")
            elif verb == b"DATA":
                if self.hangs_up_after == len(self.mails):
                    return
                line.write(b"354 go on\r\n")
                content = b""
                while not content.endswith(b"\r\n.\r\n"):
                    content += line.readline()
                parsed = email.message_from_bytes(content[:-3], policy=email.policy.default)
                self.mails.append(parsed)  # type: ignore[arg-type]
                line.write(b"250 taken\r\n")
            else:
                line.write(b"250 fine\r\n")


@pytest.fixture
def mail_server(settings) -> Iterator[MailServer]:  # type: ignore[no-untyped-def]
    """It runs, and the platform sends through it."""
    server = MailServer()
    server.start()
    settings.MAILERS = {
        "default": {
            "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
            "OPTIONS": {"host": "127.0.0.1", "port": server.port, "timeout": 10},
        }
    }
    yield server
    server.listening.close()
