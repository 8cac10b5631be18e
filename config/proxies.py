"""The trusted proxies, whose headers about clients are used."""

from ipaddress import IPv4Network, IPv6Network, ip_network

from django.core.exceptions import ImproperlyConfigured


def parse_proxies(text: str) -> list[IPv4Network | IPv6Network]:
    """Parse MUSTER_TRUSTED_PROXIES. Raise ImproperlyConfigured for anything but addresses."""
    try:
        return [ip_network(part.strip()) for part in text.split(",") if part.strip()]
    except ValueError as error:
        raise ImproperlyConfigured(
            f"MUSTER_TRUSTED_PROXIES: {error}. Write addresses and networks, separated by commas, "
            "as in 127.0.0.1,10.0.0.0/8"
        ) from None
