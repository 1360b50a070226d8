"""``email``"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from server.engine.errors import PluginWarning
from server.engine.plugin import as_list, text_or_list
from server.plugins.notifiers._base import Notifier

if TYPE_CHECKING:
    from email.message import EmailMessage
    from smtplib import SMTP

    from server.engine.net import Session

SECONDS = 30.0
"""How long a mail server may take to answer."""

SENDER = "flexget@localhost"

_TAG = re.compile(r"<[^>]+>")


class Email(Notifier):
    """Sends messages by mail.

    Example::

        notify:
          entries:
            via:
              - email:
                  to: me@example.com
                  from: flexget@example.com
                  smtp_host: smtp.example.com
                  smtp_port: 587
                  smtp_tls: yes
                  smtp_username: flexget
                  smtp_password: "{? mail.password ?}"
    """

    schema = {
        "type": "object",
        "properties": {
            "to": {
                **text_or_list(type="string", format="email"),
                "title": "To",
                "description": "Who gets it.",
                "examples": ["me@example.com"],
            },
            "from": {
                "type": "string",
                "format": "email",
                "default": SENDER,
                "title": "From",
                "description": "The sender's address.",
                "examples": ["flexget@example.com"],
            },
            "autofrom": {
                "type": "boolean",
                "default": False,
                "title": "Own sender",
                "description": "Make the sender's address of this computer's user and name.",
            },
            "smtp_host": {
                "type": "string",
                "default": "localhost",
                "title": "Mail server",
                "description": "Its name.",
                "examples": ["smtp.example.com"],
            },
            "smtp_port": {"type": "integer", "default": 25, "title": "Port", "description": "Of the mail server."},
            "smtp_username": {"type": "string", "title": "User name", "description": "At the mail server."},
            "smtp_password": {"type": "string", "title": "Password", "description": "At the mail server."},
            "smtp_tls": {
                "type": "boolean",
                "default": False,
                "title": "STARTTLS",
                "description": "Encrypt after connecting (mostly port 587).",
            },
            "smtp_ssl": {
                "type": "boolean",
                "default": False,
                "title": "TLS",
                "description": "Encrypt from the start (mostly port 465).",
            },
            "html": {"type": "boolean", "default": False, "title": "HTML", "description": "The message holds HTML."},
        },
        "required": ["to"],
        "dependentRequired": {"smtp_username": ["smtp_password"], "smtp_password": ["smtp_username"]},
        "additionalProperties": False,
    }

    def send(self, requests: Session, title: str, message: str, config: dict[str, Any]) -> None:
        """One mail to all receivers; those that the server does not take are told."""
        import smtplib

        mail = _mail(title, message, config)
        host, port = config.get("smtp_host", "localhost"), config.get("smtp_port", 25)
        try:
            with _connected(host, port, config) as server:
                refused = server.send_message(mail)
        except smtplib.SMTPException as error:
            raise PluginWarning(f"the mail server {host} refused it: {_words(error)}") from error
        except (OSError, ValueError) as error:
            raise PluginWarning(f"the mail server {host}:{port} cannot be reached: {error}") from error
        if refused:
            raise PluginWarning(f"the mail server {host} does not deliver to {', '.join(refused)}")


def _connected(host: str, port: int, config: dict[str, Any]) -> SMTP:
    import smtplib
    import ssl

    context = ssl.create_default_context()
    if config.get("smtp_ssl"):
        server: SMTP = smtplib.SMTP_SSL(host, port, timeout=SECONDS, context=context)
    else:
        server = smtplib.SMTP(host, port, timeout=SECONDS)
    try:
        if config.get("smtp_tls") and not config.get("smtp_ssl"):
            server.starttls(context=context)
        if config.get("smtp_username"):
            server.login(config["smtp_username"], config["smtp_password"])
    except BaseException:
        server.close()
        raise
    return server


def _mail(title: str, message: str, config: dict[str, Any]) -> EmailMessage:
    from email.message import EmailMessage
    from email.utils import formatdate, make_msgid

    mail = EmailMessage()
    mail["To"] = ", ".join(as_list(config["to"]))
    mail["From"] = _own_address() if config.get("autofrom") else config.get("from", SENDER)
    mail["Subject"] = " ".join(title.split())  # a line break would begin another header
    mail["Date"] = formatdate(localtime=True)
    mail["Message-ID"] = make_msgid(domain="flexget.local")
    text = message.encode("utf-8", "replace").decode()
    if config.get("html"):
        mail.set_content(_TAG.sub("", text))
        mail.add_alternative(text, subtype="html")
    else:
        mail.set_content(text)
    return mail


def _own_address() -> str:
    import getpass
    import socket

    return f"{getpass.getuser()}@{socket.getfqdn()}"


def _words(error: Exception) -> str:
    words = getattr(error, "smtp_error", None)
    if isinstance(words, bytes):
        return f"{getattr(error, 'smtp_code', '')} {words.decode('utf-8', 'replace')}"
    return str(error)
