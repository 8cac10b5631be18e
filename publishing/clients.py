"""Client addresses, for rate limits and logs, and the trust in headers of proxies.

A proxy is trusted if `settings.TRUSTED_PROXIES` contains its address, or if it connects through a
Unix socket, which only this machine can reach. The headers of everyone else are ignored: anyone can
write any header.
"""

from collections.abc import Callable
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest, HttpResponse

_Address = IPv4Address | IPv6Address


def identify_client(request: HttpRequest) -> str:
    """Return the client of a request: an IPv4 address or an IPv6 /64; never raise.

    It is the peer or, if the peer is a trusted proxy, the last address of `X-Forwarded-For` that is
    not a trusted proxy. A host or a home has a whole IPv6 /64: its addresses are one client.
    """
    peer = request.META.get("REMOTE_ADDR", "")
    return identify_forwarded_client(peer, request.META.get("HTTP_X_FORWARDED_FOR", ""))


def identify_forwarded_client(peer: str, header: str) -> str:
    """Return the client of a connection from `peer` with an `X-Forwarded-For` header."""
    nearest = _parse_address(peer)
    if is_trusted(peer):
        for text in reversed(header.split(",")):
            address = _parse_address(text)
            if address is None:  # a trusted proxy did not write the addresses to the left
                break
            nearest = address
            if not _is_proxy(address):
                break
    return _group_address(nearest) if nearest else peer or "local"


def is_trusted(peer: str) -> bool:
    """Return whether a peer is a trusted proxy; the peer of a Unix socket has no address."""
    address = _parse_address(peer)
    return not peer if address is None else _is_proxy(address)


def drop_untrusted_headers(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable:
    """Return a middleware that drops `X-Forwarded-Proto` unless a trusted proxy sent it.

    Otherwise anyone could make a plain HTTP request look secure.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        if not is_trusted(request.META.get("REMOTE_ADDR", "")):
            request.META.pop("HTTP_X_FORWARDED_PROTO", None)
        return get_response(request)

    return middleware


def _is_proxy(address: _Address) -> bool:
    return any(address in network for network in settings.TRUSTED_PROXIES)


def _parse_address(text: str) -> _Address | None:
    """Parse an address with or without a port; return None if it is not one."""
    text = text.strip()
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ip_address(text)
    except ValueError:
        return None
    if isinstance(address, IPv6Address):
        return address.ipv4_mapped or IPv6Address(int(address))  # without a zone (%eth0)
    return address


def _group_address(address: _Address) -> str:
    if isinstance(address, IPv6Address):
        return str(ip_network((int(address), 64), strict=False))
    return str(address)
