"""Compression: the same answers in fewer bytes, with ETags and lengths of their own."""

import sys
import zlib
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from actors.models import Actor
from api import compression, exports
from tests.contract.client import API, ContractClient

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

pytestmark = pytest.mark.django_db
CODINGS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": lambda data: zlib.decompress(data, wbits=31),
    "zstd": zstd.decompress,
}
ANSWERS = [
    "actors",
    "actors/documents",
    "actors/pmf",
    "actors/pmf/editions",
    "actors/pmf/editions/1",
    "actors?format=csv",
    "actors?format=csv&part=names",
    "actors?format=ndjson&detail=true&end=true",
    "incidents?format=geojson",
    "changes?documents=true",
    "network?actor=pmf",
    "network?actor=pmf&format=graphml",
    "network?actor=pmf&format=csv&part=nodes",
    "resolve?name=pmf",
    "statistics?group_by=year&fill=true&occurred_from=2000&occurred_to=2020",
    "statistics?group_by=year&fill=true&occurred_from=2000&occurred_to=2020&format=csv",
    "vocabularies",
    "vocabularies/side",
    "codebook",
    "datapackage.json",
    "schema",
    "schema?format=yaml",
    "",
]
PAGES = ["/", f"{API}docs/problems", f"{API}docs/problems/behind"]
PROBLEMS = [f"{API}actors?nothing=1&limit=0&at=x&sort=y&count=z", f"{API}actors/{'x' * 300}"]


@pytest.fixture
def published(pmf: Actor, publish: Any) -> Actor:
    """An actor with a text that is long enough to compress."""
    pmf.description = "A coalition of militias. " * 100
    pmf.save()
    pmf.names.create(text="الحشد الشعبي", language="ar")
    publish(pmf)
    return pmf


def read(response: Any) -> bytes:
    return response.getvalue()


@pytest.mark.parametrize("coding", CODINGS)
def test_every_answer_is_equal_when_it_is_decompressed(
    api: ContractClient, published: Actor, coding: str
) -> None:
    for address in (*(API + address for address in ANSWERS), *PAGES, *PROBLEMS):
        plain = api.get(address, secure=True, headers={"Accept-Encoding": "identity"})
        coded = api.get(address, secure=True, headers={"Accept-Encoding": coding})
        whole, sent = read(plain), read(coded)
        assert "Content-Encoding" not in plain, address
        if len(whole) < compression.MIN_SIZE and not coded.has_header("Content-Encoding"):
            assert sent == whole
        else:
            assert coded["Content-Encoding"] == coding, address
            assert CODINGS[coding](sent) == whole, address
        for response, content in ((plain, whole), (coded, sent)):
            assert response["Vary"].split(", ")[-1] == "Accept-Encoding", address
            if address.startswith(API) and address not in PAGES:
                assert response["Vary"] == "Accept, Accept-Encoding", address
            assert response.get("Content-Length", str(len(content))) == str(len(content)), address
        names = plain.headers.keys() - {"Content-Length", "ETag"}
        assert {name: coded[name] for name in names} == {name: plain[name] for name in names}


@pytest.mark.parametrize("accepted", ["", "gzip", "zstd"])
def test_etags_hold_for_one_coding(api: ContractClient, published: Actor, accepted: str) -> None:
    for address in ANSWERS:
        tags = {}
        for coding in ("", "gzip", "zstd"):
            response = api.get(API + address, secure=True, headers={"Accept-Encoding": coding})
            tags[coding] = response["ETag"]
            read(response)
        assert len(set(tags.values())) == 3
        for coding, tag in tags.items():
            for given in (tag, tag.removeprefix("W/"), f'"x", {tag}'):
                headers = {"Accept-Encoding": accepted, "If-None-Match": given}
                again: Any = api.get(API + address, secure=True, headers=headers)
                assert again.status_code == (304 if coding == accepted else 200), address
                assert again["ETag"] == tags[accepted]
                assert again["Vary"] == "Accept, Accept-Encoding"
                content = read(again)
                if again.status_code == 304:
                    assert (content, again.get("Content-Encoding")) == (b"", None)


@pytest.mark.parametrize("accepted", ["", "gzip", "zstd"])
def test_head_has_the_headers_of_get(api: ContractClient, published: Actor, accepted: str) -> None:
    for address in (*(API + address for address in ANSWERS), *PAGES):
        headers = {"Accept-Encoding": accepted}
        got = api.get(address, secure=True, headers=headers)
        head = api.head(address, secure=True, headers=headers)
        read(got)
        assert read(head) == b""
        assert dict(head.headers) == dict(got.headers), address


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [
        ("", ""),
        ("identity", ""),
        ("gzip", "gzip"),
        ("GZIP", "gzip"),
        ("gzip, deflate", "gzip"),
        ("gzip, deflate, br, zstd", "zstd"),
        ("zstd;q=0.5, gzip", "gzip"),
        ("zstd ; q=0.5,gzip;q=0.501", "gzip"),
        ("gzip;q=0", ""),
        ("gzip;q=0.000, zstd", "zstd"),
        ("*", "zstd"),
        ("*;q=0", ""),
        ("*, zstd;q=0", "gzip"),
        ("gzip, *;q=0", "gzip"),
        ("*;q=0.1, gzip", "gzip"),
        ("gzip;q=0.5, identity", ""),
        ("gzip, identity;q=0.5", "gzip"),
        ("gzip, identity;q=0", "gzip"),
        ("identity;q=0", ""),
        ("br, deflate", ""),
        ("gzip;q=high", ""),
        ("gzip;q=nan", ""),
        ("gzip;q=2", ""),
        (",;,=, ;q=1, gzip", "gzip"),
    ],
)
def test_weights_are_honoured(rf: RequestFactory, accepted: str, coding: str) -> None:
    assert compression.choose_coding(rf.get("/", headers={"Accept-Encoding": accepted})) == coding


def test_short_answers_the_admin_and_static_files_are_sent_as_they_are(
    api: ContractClient, settings: Any
) -> None:
    settings.WHITENOISE_USE_FINDERS = settings.WHITENOISE_AUTOREFRESH = True
    headers = {"Accept-Encoding": "gzip, zstd"}
    pages = ["/admin/login/", "/static/config/pages.css", "/healthz", "/readyz"]
    for address in (*pages, f"{API}places", f"{API}actors/nobody"):
        response: Any = api.get(address, secure=True, headers=headers)
        assert "Content-Encoding" not in response, address
        short = len(read(response)) < compression.MIN_SIZE
        assert short or address in pages, address


def test_what_is_compressed_already_or_no_text_is_sent_as_it_is(rf: RequestFactory) -> None:
    request = rf.get(f"{API}file", headers={"Accept-Encoding": "gzip"})

    def answer(**headers: str) -> HttpResponse:
        response = HttpResponse(b"x" * 1000, headers=headers)
        compression.compress(request, response)
        return response

    assert answer(**{"Content-Encoding": "br"}).content == b"x" * 1000
    for media_type in ("application/zip", "application/vnd.apache.parquet", "image/png"):
        assert answer(**{"Content-Type": media_type}).content == b"x" * 1000
    for media_type in ("text/csv; charset=utf-8", "application/geo+json", "application/yaml"):
        assert len(answer(**{"Content-Type": media_type}).content) < 100


def begin(coding: str) -> Any:
    if coding == "gzip":
        return zlib.decompressobj(wbits=31)
    return zstd.ZstdDecompressor()


@pytest.mark.parametrize("coding", CODINGS)
def test_each_block_of_a_stream_can_be_read_at_once(coding: str) -> None:
    given: list[bytes] = []

    def blocks() -> Iterator[bytes]:
        for number in range(5):
            given.append(b"%d" % number * 1000)
            yield given[-1]

    decompressor, received = begin(coding), b""
    for data in compression.compress_blocks(blocks(), coding):
        received += decompressor.decompress(data)
        assert received == b"".join(given), "nothing is read ahead, and nothing is held back"
    assert decompressor.eof


@pytest.mark.parametrize("coding", CODINGS)
def test_a_stream_that_breaks_off_has_no_valid_end(
    api: ContractClient, published: Actor, publish: Any, monkeypatch: Any, coding: str
) -> None:
    whole = exports._lines

    def broken(*args: Any) -> Iterator[bytes]:
        yield from whole(*args)
        raise ConnectionError("the database went away")

    monkeypatch.setattr(exports, "_lines", broken)
    monkeypatch.setattr(exports, "_BLOCK", 1)
    headers = {"Accept-Encoding": coding}
    response: Any = api.get(API + "actors?format=ndjson&end=true", secure=True, headers=headers)
    decompressor, sent = begin(coding), list[bytes]()
    with pytest.raises(ConnectionError):
        sent.extend(response.streaming_content)
    received = decompressor.decompress(b"".join(sent))
    assert received.startswith(b'{"id"')
    assert b'{"end"' not in received
    assert not decompressor.eof


def test_equal_answers_have_equal_bytes(api: ContractClient, published: Actor) -> None:
    headers = {"Accept-Encoding": "gzip"}
    first, second = (read(api.get(API + "actors", secure=True, headers=headers)) for _ in "12")
    assert first == second
