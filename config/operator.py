"""What the operator of a server says about it: licence, contacts, and how safe reports are."""

import re
from datetime import date
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

_SPDX = (
    "CC0-1.0",
    "CC-BY-4.0",
    "CC-BY-SA-4.0",
    "CC-BY-NC-4.0",
    "CC-BY-NC-SA-4.0",
    "CC-BY-ND-4.0",
    "CC-BY-NC-ND-4.0",
    "ODC-By-1.0",
    "ODbL-1.0",
    "PDDL-1.0",
)
"""The identifiers of SPDX of licences for data."""


def describe_licence(name: str) -> dict[str, str]:
    """Return a licence as OpenAPI writes it, with the identifier of SPDX if it has one."""
    identifiers = {identifier.lower(): identifier for identifier in _SPDX}
    identifier = identifiers.get(name.replace(" ", "-").lower())
    return {"name": name} | ({"identifier": identifier} if identifier else {})


def describe_contact(name: str, address: str) -> dict[str, str]:
    """Return a contact as OpenAPI writes it; `address` is an e-mail address, a URL or empty."""
    contact = {"name": f"The editors of {name}"}
    if address:
        contact["email" if "@" in address and "://" not in address else "url"] = address
    return contact


def find_licence_address(name: str) -> str:
    """Return the address of the text of a licence; blank if SPDX does not list it."""
    identifier = describe_licence(name).get("identifier")
    return f"https://spdx.org/licenses/{identifier}" if identifier else ""


class Security(NamedTuple):
    """Where to report a vulnerability, and the last day on which that is so (RFC 9116)."""

    contact: str
    expires: date


def parse_security(contact: str, expires: str) -> Security | None:
    """Parse MUSTER_SECURITY_CONTACT and MUSTER_SECURITY_EXPIRES; None without both.

    Raise ImproperlyConfigured if one of them is missing or invalid.
    """
    contact, expires = contact.strip(), expires.strip()
    if not contact and not expires:
        return None
    if "@" in contact and "://" not in contact and not contact.startswith("mailto:"):
        contact = f"mailto:{contact}"
    if not contact.startswith(("mailto:", "https://", "tel:")) or len(contact.split()) != 1:
        raise ImproperlyConfigured(
            "MUSTER_SECURITY_CONTACT: write an e-mail address or an https:// address, as in "
            "security@example.org. MUSTER_SECURITY_EXPIRES needs it."
        )
    try:
        return Security(contact, date.fromisoformat(expires))
    except ValueError:
        raise ImproperlyConfigured(
            "MUSTER_SECURITY_EXPIRES: write the last day on which MUSTER_SECURITY_CONTACT is "
            "valid, within a year from now, as in 2027-06-30"
        ) from None


def find_reports_address(reports: str, follows: str, contact: str, form: str) -> str:
    """Return where readers report errors and dangers; "" if nobody takes reports.

    That is the address in the settings or else our form, at `form`. A node that follows another
    one has no editors: it names the form of the other node, if `follows` is its address, or its own
    contact. Raises ValueError for an address that is neither an e-mail address nor a URL.
    """
    if not reports:
        if follows in ("", "off"):
            return form
        is_address = follows.startswith(("https://", "http://"))
        reports = f"{follows.rstrip('/')}{form}" if is_address else contact
    if "@" in reports and "://" not in reports and not reports.startswith("mailto:"):
        reports = f"mailto:{reports}"
    if reports and not re.fullmatch(r"(mailto:[^\s<>\"@]+@|https?://)[^\s<>\"]+", reports):
        raise ValueError(f"MUSTER_REPORTS: “{reports}” is no e-mail address and no URL.")
    return reports


class Mail(NamedTuple):
    """The server that sends our mail, and its sender."""

    host: str
    port: int
    user: str
    password: str
    encrypted: bool
    """Whether the connection is encrypted from its start."""
    starts_tls: bool
    """Whether the connection has to be encrypted before anything is sent."""
    sender: str


def parse_mail(server: str, sender: str) -> Mail | None:
    """Parse MUSTER_SMTP and MUSTER_MAIL_FROM; None without both.

    Raise ImproperlyConfigured if one of them is missing or invalid.
    """
    if not server and not sender:
        return None
    try:
        parts = urlsplit(server)
        port = parts.port or {"smtps": 465, "smtp": 587, "smtp+plain": 25}[parts.scheme]
        host = parts.hostname or ""
    except (ValueError, KeyError):
        host, port = "", 0
    if not host or not re.fullmatch(r"([^<>\r\n]+ <)?[^\s<>@]+@[^\s<>@]+>?", sender):
        raise ImproperlyConfigured(
            "MUSTER_SMTP and MUSTER_MAIL_FROM: write both, as in "
            "MUSTER_SMTP=smtps://name:password@mail.example.org and "
            "MUSTER_MAIL_FROM=muster@example.org. smtps:// is encrypted from the start (port 465), "
            "smtp:// begins with STARTTLS (587), smtp+plain:// is for a server on this machine (25)"
        )
    return Mail(
        host,
        port,
        unquote(parts.username or ""),
        unquote(parts.password or ""),
        parts.scheme == "smtps",
        parts.scheme == "smtp",
        sender,
    )
