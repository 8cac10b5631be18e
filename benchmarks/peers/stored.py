"""The query of a page of stored documents, for the peers that read them; it needs no Django."""

PAGE_SIZE = 50
_NEWEST = "(SELECT max(seq) FROM publishing_edition)"
PAGE = (
    "SELECT edition.document FROM (SELECT seq, order_date, record "  # noqa: S608
    "FROM incidents_incidententry WHERE country = {} AND event_type = {} "
    f"AND last_date >= {{}} AND seq <= {_NEWEST} AND until_seq > {_NEWEST} "
    f"ORDER BY order_date DESC, record DESC LIMIT {PAGE_SIZE}) AS page "
    "JOIN publishing_edition AS edition USING (seq) "
    "ORDER BY page.order_date DESC, page.record DESC"
)
"""The newest incidents of a country and a type from a day on; braces stand for the parameters."""


def join(texts: list[str]) -> bytes:
    """Return documents as the answer of a list."""
    return ('{"results":[' + ",".join(texts) + "]}").encode()
