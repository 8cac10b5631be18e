"""Addresses of sources on the web, compared without what does not change the page."""

from urllib.parse import parse_qsl, urlencode, urlsplit

from sources.models import Source

_TRACKING = ("utm_", "mtm_", "pk_", "hsa_")
_TRACKING_NAMES = frozenset(
    [
        "fbclid",
        "gclid",
        "dclid",
        "gbraid",
        "wbraid",
        "msclkid",
        "yclid",
        "twclid",
        "igshid",
        "mc_cid",
        "mc_eid",
        "mkt_tok",
        "ref_src",
        "ref_url",
        "cmpid",
        "ocid",
        "ito",
        "icid",
        "ns_mchannel",
        "ns_source",
        "ns_campaign",
        "ns_linkname",
        "ns_fee",
        "_ga",
        "_gl",
        "smid",
        "s_cid",
        "spm",
    ]
)


def normalize_address(url: str) -> str:
    """Return an address without its scheme, `www.`, tracking parameters, fragment and last slash.

    The host is in lowercase. Two addresses of the same page are equal then; blank if it is none.
    """
    try:
        parts = urlsplit(url.strip() if "//" in url else f"//{url.strip()}")
        host, port = (parts.hostname or "").removeprefix("www.").rstrip("."), parts.port
    except ValueError:
        return ""
    if "." not in host:
        return ""
    at_port = "" if port in (None, 80, 443) else f":{port}"
    kept = sorted(
        (name, value)
        for name, value in parse_qsl(parts.query, keep_blank_values=True)
        if not name.lower().startswith(_TRACKING) and name.lower() not in _TRACKING_NAMES
    )
    query = f"?{urlencode(kept)}" if kept else ""
    return f"{host}{at_port}{parts.path.rstrip('/')}{query}"


def find_source_at(url: str) -> Source | None:
    """Return the oldest source with an address of the same page; None if there is none."""
    address = normalize_address(url)
    if not address:
        return None
    path = address.partition("?")[0]
    like = Source.objects.filter(url__icontains=path).order_by("pk").only("pk", "url")
    key = next((row.pk for row in like.iterator() if normalize_address(row.url) == address), None)
    return None if key is None else Source.objects.select_related("publisher").get(pk=key)
