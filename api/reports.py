"""Where readers report an error or a danger: at an address of the operator, or by our form.

Every page and every document links to it with `rel="help"`, a relation that IANA has registered
("context-sensitive help"): it fits forms and e-mail addresses alike.
"""

from urllib.parse import quote, urlencode

from django.conf import settings
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext_lazy
from rest_framework.request import Request

FORM = "/report"
"""The address of our form, and the value of the setting if it is used."""
TITLE = gettext_lazy("Report an error or a danger")
_LINK_TITLE = "Report an error or a danger"
"""The title in headers, which are the same in every language."""
_MAX_PAGE = 1000


def make_report_address(
    request: HttpRequest | Request, snapshot: object = "", query: QueryDict | None = None
) -> str:
    """Return the address for reports about a page at a snapshot; "" if there is none.

    `query` are the parameters of the page without its snapshot. A very long address is shortened.
    """
    address: str = settings.REPORTS
    if not address:
        return ""
    path = quote(request.path)
    page = f"{path}?{query.urlencode()}" if query else path
    page = next((text for text in (page, path) if len(text) <= _MAX_PAGE), "")
    named = {"page": page, "snapshot": str(snapshot)}
    if address.startswith("mailto:"):
        named = {"subject": f"Report: {page}", "body": f"{page}\nSnapshot: {snapshot or '-'}\n\n"}
    filled = {name: text for name, text in named.items() if text}
    joint = "&" if "?" in address else "?"
    return f"{address}{joint}{urlencode(filled, safe='/', quote_via=quote)}" if filled else address


def make_report_link(request: Request, snapshot: object, query: QueryDict | None) -> list[str]:
    """Return the link in the header `Link` of an answer, if there is one."""
    address = make_report_address(request, snapshot, query)
    if not address:
        return []
    return [f'<{request.build_absolute_uri(address)}>; rel="help"; title="{_LINK_TITLE}"']
