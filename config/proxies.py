"""The proxies in front of the server, whose headers about clients are believed."""

from ipaddress import IPv4Network, IPv6Network, ip_network

from django.core.exceptions import ImproperlyConfigured


def trusted_proxies(text: str) -> list[IPv4Network | IPv6Network]:
    """Read MUSTER_TRUSTED_PROXIES. ImproperlyConfigured if a part is no address or network."""
    try:
        return [ip_network(part.strip()) for part in text.split(",") if part.strip()]
    except ValueError as error:
        raise ImproperlyConfigured(
            f"MUSTER_TRUSTED_PROXIES: {error}. Write addresses and networks, separated by commas, "
            "as in 127.0.0.1,10.0.0.0/8"
        ) from None
