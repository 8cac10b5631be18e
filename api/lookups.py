"""Lookups: many records of one type at once, by public ids, slugs and ids in other systems."""

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any, ClassVar, NamedTuple, Protocol, cast
from uuid import UUID

import orjson
from django.db import connection
from rest_framework import serializers
from rest_framework.fields import DateTimeField
from rest_framework.request import Request
from rest_framework.response import Response

from api import snapshots
from api.filters import SORTS, DetailFilterSet
from api.filtersets import describe_missing
from api.limits import Slot
from api.pagination import page
from api.parameters import IdsParameter, RecordsParameter, Schema
from api.problems import Fault, InvalidParameters, Problem
from api.schema import PublicSchema, describe_document
from api.views import PublicView, list_warnings
from publishing import documents
from publishing.models import Edition
from publishing.snapshots import Snapshot

MAX_BODY = 1_000_000
"""Maximum number of bytes of a body."""
MAX_KEYS, MAX_MATCHES = 10_000, 20_000
_MAX_FAULTS = 20
"""The number of unknown members that a refusal names, and of kinds of faults in a list."""
_FEW = 100
"""The number of ids in other systems that the database looks for at once."""

IDS, EXTERNAL_IDS = "ids", "external_ids"
"""The members of a body."""


class KeyReader(Protocol):
    """A parameter that reads keys."""

    schema: Schema

    def parse(self, text: str) -> Any:
        """Return the meaning of a key. Raises ValueError with a sentence that helps."""


class ExternalIdReader(KeyReader, Protocol):
    """A parameter that reads ids in other systems."""

    def spellings(self, text: str) -> list[str]:
        """Return how documents may write an id."""


class Keys(NamedTuple):
    """The keys of a lookup: public ids and slugs with their meaning, and ids in other systems."""

    ids: dict[str, UUID | str]
    external_ids: list[str]
    places: dict[str, dict[str, list[int]]]
    """By member and key, the positions in the list, from 1."""


class Match(NamedTuple):
    """A record that a key leads to."""

    key: str
    id: UUID


class LookupMatchSerializer(serializers.Serializer):
    """A record that a key leads to."""

    key = serializers.CharField(read_only=True, help_text="The key, as it was sent.")
    id = serializers.UUIDField(read_only=True, help_text="The public id of the record.")


class LookupView(PublicView):
    """Many records of one type at once."""

    http_method_names = ["post", "options"]
    filterset_class = DetailFilterSet
    records: ClassVar[Any] = None
    """The view of the records."""

    def post(self, request: Request) -> Response:
        """Return the summaries of many records, by ids of any kind, in one answer."""
        content = read_body(request)
        pin, keys = self._read(request, content)
        with Slot(request):
            state = snapshots.resolve(pin)
            body = self._find(keys, state.snapshot)
        headers = {"Cache-Control": "no-store", "Muster-Snapshot": str(state.snapshot)}
        if state.published_at:
            headers["Muster-Published"] = DateTimeField().to_representation(state.published_at)
        return Response(body, headers=headers)

    @property
    def readers(self) -> dict[str, KeyReader]:
        """The parameters that read the keys of each member of a body."""
        has_slugs = "slug" in self.records.document.Meta.fields
        readers: dict[str, KeyReader] = {
            IDS: RecordsParameter("") if has_slugs else IdsParameter("")
        }
        external = self.records.filterset_class.base_filters.get("external_id")
        return readers | ({EXTERNAL_IDS: cast(KeyReader, external)} if external else {})

    def _read(self, request: Request, content: bytes) -> tuple[snapshots.Pin, Keys]:
        """Return the requested snapshot and the keys. Raises InvalidParameters with all faults."""
        faults, pin, keys = list[Fault](), snapshots.Pin(), Keys({}, [], {})
        try:
            pin = DetailFilterSet(request).pin
        except InvalidParameters as refusal:
            faults += refusal.faults
        try:
            keys = read_keys(content, self.readers)
        except InvalidParameters as refusal:
            faults += refusal.faults
        if faults:
            raise InvalidParameters(*faults)
        return pin, keys

    def _find(self, keys: Keys, snapshot: Snapshot) -> bytes:
        """Return the answer: with at most four queries, however many keys there are."""
        type_name, entry = self.records.type_name, self.records.entry
        found: dict[str, dict[str, set[UUID]]] = {IDS: {}, EXTERNAL_IDS: {}}
        if keys.ids:
            records = Edition.objects.resolve_keys(type_name, keys.ids.values(), snapshot.seq)
            found[IDS] = {
                key: {records[meaning]} for key, meaning in keys.ids.items() if meaning in records
            }
        if keys.external_ids:
            found[EXTERNAL_IDS] = self._find_external(keys.external_ids, snapshot)
        matches = [
            Match(key, record)
            for member in (IDS, EXTERNAL_IDS)
            for key in keys.places.get(member, ())
            for record in sorted(found[member].get(key, ()))
        ]
        if len(matches) > MAX_MATCHES:
            raise self._refuse_many()
        missing = (
            (member, sorted(place for key in unknown for place in places[key]))
            for member, places in keys.places.items()
            if (unknown := places.keys() - found[member].keys())
        )
        warnings = [
            Fault("not_found", member, describe_missing(member, type_name, places, None))
            for member, places in missing
        ]
        entries = entry.objects.at(snapshot.seq).filter(record__in={match.id for match in matches})
        order = SORTS[self.records.filterset_class.base_filters["sort"].default]
        texts, _ = page(entries, order, None, MAX_MATCHES, False, snapshot)
        end = {
            "matches": [match._asdict() for match in matches],
            "snapshot": str(snapshot),
            "warnings": list_warnings(warnings),
        }
        return b'{"results":[' + b",".join(texts) + b"]," + documents.dump(end)[1:]

    def _find_external(self, texts: list[str], snapshot: Snapshot) -> dict[str, set[UUID]]:
        """Return the records with ids in other systems, by the keys."""
        reader = cast(ExternalIdReader, self.readers[EXTERNAL_IDS])
        keys: dict[str, set[str]] = {}
        for text in texts:
            for spelling in reader.spellings(text):
                keys.setdefault(spelling, set()).add(text)
        # With a single long array, the database would not use the index, or compare each row of it
        # with the whole array.
        query = (
            "SELECT entry.record, entry.external_ids FROM (SELECT array_agg(text) AS texts "  # noqa: S608
            "FROM unnest(%s::varchar[]) WITH ORDINALITY AS spelling (text, number) "
            "GROUP BY number / %s) AS few "
            f"JOIN {self.records.entry._meta.db_table} AS entry ON entry.external_ids && few.texts "
            "WHERE entry.seq <= %s AND entry.until_seq > %s LIMIT %s"
        )
        limit = 2 * MAX_MATCHES + 1  # an entry may be there twice, for two ids of its own
        with connection.cursor() as cursor:
            cursor.execute(query, [list(keys), _FEW, snapshot.seq, snapshot.seq, limit])
            rows = cursor.fetchall()
        found: dict[str, set[UUID]] = {}
        for record, external_ids in rows:
            for each in external_ids:
                for key in keys.get(each, ()):
                    found.setdefault(key, set()).add(record)
        if len(rows) == limit or sum(map(len, found.values())) > MAX_MATCHES:
            raise self._refuse_many()
        return found

    def _refuse_many(self) -> InvalidParameters:
        detail = (
            f"These keys have more than {MAX_MATCHES:,} matches. Send fewer keys, or read the "
            "records of a single id in pages: `external_id=` in the list."
        )
        return InvalidParameters(Fault("many", EXTERNAL_IDS, detail))

    def request_schema(self, schema: PublicSchema) -> Schema:
        """Return the schema of the body."""
        descriptions = {
            IDS: "Public ids, or slugs if the type has them. The id of a merged record leads to "
            "the record that it was merged into.",
            EXTERNAL_IDS: "Ids in other systems, as scheme:value. One may lead to several records.",
        }
        properties = {
            member: {
                "type": "array",
                "items": dict(reader.schema),
                "maxItems": MAX_KEYS,
                "description": descriptions[member],
            }
            for member, reader in self.readers.items()
        }
        text = f"The keys of the records: at most {MAX_KEYS:,} in all."
        name = describe_document(self.records.document, summary=False).__name__
        name = name.removesuffix("Serializer") + "LookupKeys"
        reference = schema.component(name, text, properties, required=())
        schema.registry[(name, "schemas")].schema["additionalProperties"] = False
        return reference

    def response_schema(self, schema: PublicSchema) -> Schema:
        """Return the schema of the answer."""
        document = self.records.document
        summary = schema.resolve_serializer(describe_document(document, summary=True), "response")
        match = schema.resolve_serializer(LookupMatchSerializer, "response")
        text = "The records that keys lead to."
        name = summary.name.removesuffix("Summary") + "Lookup"
        return schema.lookup(name, text, summary.ref, match.ref)


def read_body(request: Request) -> bytes:
    """Return the body of a request. Raises Problem if it is too large, or no JSON by its headers.

    Of a body that is too large, no more than the maximum is read, whatever its headers say.
    """
    kind, _, parameters = request.META.get("CONTENT_TYPE", "").lower().partition(";")
    charset = parameters.strip().removeprefix("charset=").strip('"')
    encoding = request.META.get("HTTP_CONTENT_ENCODING", "identity").strip().lower()
    if kind.strip() != "application/json" or charset not in ("", "utf-8") or encoding != "identity":
        raise Problem("unsupported-media-type")
    if int(request.META.get("CONTENT_LENGTH") or 0) > MAX_BODY:
        raise Problem("too-large")
    # Django reads no body that comes in chunks. Servers that decode them mark where it ends.
    chunked = "HTTP_TRANSFER_ENCODING" in request.META and request.META.get("wsgi.input_terminated")
    stream: Any = request.META["wsgi.input"] if chunked else request._request
    content: bytes = stream.read(MAX_BODY + 1)
    if len(content) > MAX_BODY:
        raise Problem("too-large")
    return content


def read_keys(content: bytes, readers: dict[str, KeyReader]) -> Keys:
    """Return the keys in a body. Raises InvalidParameters with all faults."""
    try:
        body = orjson.loads(content)
    except orjson.JSONDecodeError as fault:
        detail = "The body is empty." if not content.strip() else f"The body is not JSON: {fault}."
        raise InvalidParameters(Fault("json", None, f"{detail} Use {_name(readers)}.")) from fault
    if not isinstance(body, dict):
        detail = f"The body is not a JSON object. Use {_name(readers)}."
        raise InvalidParameters(Fault("json", None, detail))
    faults = list(_check_members(body, readers))
    keys = Keys({}, [], {})
    given = 0
    for member, reader in readers.items():
        texts = body.get(member, [])
        if not isinstance(texts, list):
            detail = f"Invalid value for `{member}`. Use a list of strings."
            faults.append(Fault("invalid", member, detail))
            continue
        given += len(texts)
        if len(texts) <= MAX_KEYS:
            faults += _read_member(member, texts, reader, keys)
    if given > MAX_KEYS:
        detail = f"Send at most {MAX_KEYS:,} keys in one request: these are {given:,}."
        faults.append(Fault("too_many", None, detail))
    if not faults:
        pairs = json.loads(content, object_pairs_hook=lambda pairs: [name for name, _ in pairs])
        repeated = sorted({name for name in pairs if pairs.count(name) > 1})
        faults = [Fault("repeated", each, "Give this member only once.") for each in repeated]
    if faults:
        raise InvalidParameters(*faults)
    return keys


def _check_members(body: dict[str, Any], readers: Iterable[str]) -> Iterator[Fault]:
    unknown = [name for name in body if name not in readers]
    for name in unknown[:_MAX_FAULTS]:
        detail = f"There is no member “{name[:40]}”. Use {_name(readers)}."
        if name == EXTERNAL_IDS:
            detail = f"Records of this type have no ids in other systems. Use {_name(readers)}."
        yield Fault("unknown", name[:40], detail)
    if more := len(unknown[_MAX_FAULTS:]):
        yield Fault("unknown", None, f"The body has {more:,} more unknown members.")


def _name(members: Iterable[str]) -> str:
    return " and ".join(f"`{member}`" for member in members)


def _read_member(member: str, texts: list[Any], reader: KeyReader, keys: Keys) -> Iterator[Fault]:
    """Add the keys of a member, and yield a fault for each kind of invalid key, with its places."""
    faulty: dict[tuple[str, str], list[int]] = {}
    places = keys.places.setdefault(member, {})
    for place, text in enumerate(texts, 1):
        try:
            meaning = _read_key(text, reader, hints=len(faulty) < _MAX_FAULTS)
        except ValueError as fault:
            code = "nul" if isinstance(text, str) and "\0" in text else "invalid"
            faulty.setdefault((code, str(fault)), []).append(place)
            continue
        if text not in places:
            if member == IDS:
                keys.ids[text] = meaning
            else:
                keys.external_ids.append(meaning)
        places.setdefault(text, []).append(place)
    for (code, detail), listed in faulty.items():
        value = "Value" if len(listed) == 1 else "Values"
        numbers = ", ".join(map(str, listed))
        yield Fault(code, member, f"{value} {numbers} of `{member}`: {detail}")


def _read_key(text: Any, reader: KeyReader, *, hints: bool) -> Any:
    """Return the meaning of a key. Raises ValueError.

    A hint costs more than reading a key, so a long list of faults goes on without them.
    """
    if not isinstance(text, str):
        raise ValueError("Use a string.")
    if not text:
        raise ValueError("Use a key, or leave the value out.")
    if "\0" in text:
        raise ValueError("It contains a NUL character.")
    if not hints and not re.match(reader.schema.get("pattern", ""), text):
        raise ValueError("It is malformed, as others before it.")
    return reader.parse(text)
