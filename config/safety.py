"""Checks of the settings: a server for other machines must not run with unsafe ones."""

from collections.abc import Sequence

from django.core.exceptions import ImproperlyConfigured

_SHORTEST_KEY = 50
_FEWEST_CHARACTERS = 10
"""The number of different characters that a random key of 50 always has."""


def parse_hosts(text: str) -> list[str]:
    """Read MUSTER_HOSTS. Raise ImproperlyConfigured if a part is not a valid host name."""
    names = [part.strip() for part in text.split(",") if part.strip()]
    for name in names:
        if "*" in name:
            raise ImproperlyConfigured(
                "MUSTER_HOSTS: * would let any site pretend to be this one. Write the names of "
                "this server, as in MUSTER_HOSTS=data.example.org"
            )
        if "/" in name or (":" in name and not name.startswith("[")):
            raise ImproperlyConfigured(
                f"MUSTER_HOSTS: {name} is not a host name. Write it without scheme, port and path, "
                "and an IPv6 address in brackets, as in data.example.org,[2001:db8::1]"
            )
    return names


def require_safe(hosts: Sequence[str], key: str, *, https: bool, debug: bool) -> None:
    """Raise ImproperlyConfigured where the settings are unsafe together."""
    if len(key) < _SHORTEST_KEY or len(set(key)) < _FEWEST_CHARACTERS or "insecure" in key:
        raise ImproperlyConfigured(
            f"SECRET_KEY can be guessed: it has fewer than {_SHORTEST_KEY} characters, or few "
            "different ones. Make one with: python -c "
            "'import secrets; print(secrets.token_urlsafe(50))'"
        )
    others = [name for name in hosts if not _is_local(name)]
    if others and debug:
        raise ImproperlyConfigured(
            f"MUSTER_DEBUG=on shows settings and data to everyone, and MUSTER_HOSTS names other "
            f"machines ({', '.join(others)}). Leave MUSTER_DEBUG off, or serve localhost alone."
        )
    if others and not https:
        raise ImproperlyConfigured(
            f"MUSTER_HTTPS=off sends passwords in clear, and MUSTER_HOSTS names other machines "
            f"({', '.join(others)}). Leave MUSTER_HTTPS on behind a proxy that ends TLS and sets "
            "X-Forwarded-Proto, or serve localhost alone."
        )


def parse_two_factor(text: str) -> str:
    """Read MUSTER_TWO_FACTOR. Raise ImproperlyConfigured if it is not one of its three words."""
    if text not in ("off", "reviewers", "everyone"):
        raise ImproperlyConfigured(
            f"MUSTER_TWO_FACTOR: {text} has no meaning. Write off, reviewers or everyone."
        )
    return text


def _is_local(host: str) -> bool:
    return host in ("127.0.0.1", "[::1]") or host.rpartition(".")[2] == "localhost"
