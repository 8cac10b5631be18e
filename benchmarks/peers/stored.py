"""The queries of a page of stored documents, for the peers that read them; they need no Django."""

PAGE_SIZE = 50
SNAPSHOT = "SELECT max(seq) FROM publishing_edition"
_PAGE = (
    "SELECT edition.document FROM (SELECT seq, order_date, record "  # noqa: S608
    "FROM incidents_incidententry WHERE country = {} AND event_type = {} AND last_date >= {} "
    "AND seq <= {seq} AND until_seq > {seq} "
    f"ORDER BY order_date DESC, record DESC LIMIT {PAGE_SIZE}) AS page "
    "JOIN publishing_edition AS edition USING (seq) "
    "ORDER BY page.order_date DESC, page.record DESC"
)


def make_query(seq: int, *parameters: str) -> str:
    """Return the query for the newest incidents of a country and a type from a day on.

    The number of the snapshot is a part of the text: with a parameter, the planner would not know
    that it is the newest one.
    """
    return _PAGE.format(*parameters, seq=int(seq))


def join(texts: list[str]) -> bytes:
    """Return documents as the answer of a list."""
    return ('{"results":[' + ",".join(texts) + "]}").encode()
