"""What of one OpenAPI 3.1 description breaks the clients of an earlier one.

Within v1 the API only grows: endpoints, optional parameters, what parameters take, properties of
answers, words of growing vocabularies. Whatever else differs is named; words for people do not
count. Operation ids and component names count: generated clients are written in them.
"""

from collections.abc import Iterator
from typing import Any, NamedTuple

Schema = dict[str, Any]
Parameters = dict[tuple[str, str], Schema]

_LOWEST = ("minimum", "exclusiveMinimum", "minLength", "minItems")
_HIGHEST = ("maximum", "exclusiveMaximum", "maxLength", "maxItems")
_NOTATION = ("pattern", "format")
_GROWING = "x-extensible-enum"
_SEVERAL = ("anyOf", "oneOf")


class Break(NamedTuple):
    """One thing that breaks clients."""

    where: str
    """An operation, or a property as `Component.property[].property`."""
    what: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}"


def breaks(old: Schema, new: Schema) -> list[Break]:
    """Return all that breaks clients of `old`, in the order of the description, each once."""
    return list(dict.fromkeys(_Comparison(old, new).run()))


class _Comparison:
    """Two descriptions, and which components were compared already, and in which direction."""

    def __init__(self, old: Schema, new: Schema) -> None:
        self.old, self.new = old, new
        self.compared: set[tuple[str, bool]] = set()

    def run(self) -> Iterator[Break]:
        for path, item in self.old.get("paths", {}).items():
            if path not in self.new.get("paths", {}):
                yield Break(path, "the path is gone")
                continue
            for method, operation in item.items():
                if isinstance(operation, dict):
                    given = self.new["paths"][path].get(method)
                    yield from self.operation(f"{method.upper()} {path}", operation, given)
        here = self.new.get("components", {}).get("schemas", {})
        for name in self.old.get("components", {}).get("schemas", {}):
            if name not in here:
                yield Break(name, "the component is gone, or has another name")

    def operation(self, where: str, old: Schema, new: Schema | None) -> Iterator[Break]:
        if new is None:
            yield Break(where, "the operation is gone")
            return
        if old.get("operationId") != new.get("operationId"):
            yield Break(where, f"operationId {_changed(old, new, 'operationId')}")
        where = old.get("operationId") or where
        if _secured(self.new, new) and not _secured(self.old, old):
            yield Break(where, "it asks for credentials")
        if new.get("requestBody", {}).get("required") and "requestBody" not in old:
            yield Break(where, "it asks for a body")
        yield from self.parameters(where, _parameters(old), _parameters(new))
        yield from self.answers(where, old["responses"], new["responses"])

    def parameters(self, where: str, old: Parameters, new: Parameters) -> Iterator[Break]:
        for key, parameter in old.items():
            name = f"the {key[0]} parameter `{key[1]}`"
            given = new.get(key)
            if given is None:
                yield Break(where, f"{name} is gone")
                continue
            if given.get("required") and not parameter.get("required"):
                yield Break(where, f"{name} is required")
            for word in ("style", "explode"):
                if parameter.get(word) != given.get(word):
                    yield Break(where, f"{name}: {word} {_changed(parameter, given, word)}")
            place = f"{where}, {name}"
            yield from self.schema(place, parameter["schema"], given["schema"], asked=True)
        for key, given in new.items():
            if key not in old and given.get("required"):
                yield Break(where, f"the {key[0]} parameter `{key[1]}` is new and required")

    def answers(self, where: str, old: Schema, new: Schema) -> Iterator[Break]:
        for status, answer in old.items():
            given = new.get(status)
            if given is None:
                yield Break(where, f"the answer {status} is gone")
                continue
            for name in answer.get("headers", {}):
                if name not in given.get("headers", {}):
                    yield Break(where, f"the header {name} of {status} is gone")
            for media_type, content in answer.get("content", {}).items():
                if media_type not in given.get("content", {}):
                    yield Break(where, f"{status} does not answer {media_type} any more")
                    continue
                other = given["content"][media_type]
                place = f"{where}, {status} {media_type}"
                yield from self.schema(
                    place, content.get("schema", {}), other.get("schema", {}), asked=False
                )
        for status in new:
            if status not in old and status[0] in "23" and status != "304":
                yield Break(where, f"the answer {status} is new")

    def schema(self, where: str, old: Schema, new: Schema, *, asked: bool) -> Iterator[Break]:
        """Compare what a parameter takes (`asked`), or what an answer holds."""
        olds, news = _alternatives(old), _alternatives(new)
        if asked and olds.null and not news.null:
            yield Break(where, "it takes null no more")
        if not asked and olds.null != news.null:
            yield Break(where, "it may be null" if news.null else "it is never null any more")
        rest = [schema for schema in news.others if schema not in olds.others]
        for schema in (schema for schema in olds.others if schema not in news.others):
            fitting = [other for other in rest if _alike(schema, other)]
            if not fitting and len(olds.others) == len(news.others) == 1:
                fitting = rest[:]
            if not fitting:
                yield Break(where, f"it is {_name(schema)} no more")
                continue
            rest.remove(fitting[0])
            yield from self.single(where, schema, fitting[0], asked=asked)
        for schema in olds.others:
            if schema in news.others:  # the same words may refer to what has changed
                yield from self.single(where, schema, schema, asked=asked)
        if not asked:
            yield from (Break(where, f"it may be {_name(schema)}") for schema in rest)

    def single(self, where: str, old: Schema, new: Schema, *, asked: bool) -> Iterator[Break]:
        if "$ref" in old or "$ref" in new:
            if old.get("$ref") != new.get("$ref"):
                yield Break(where, f"it is {_name(new)}, no more {_name(old)}")
                return
            name = _name(old)
            if (name, asked) in self.compared:
                return
            self.compared.add((name, asked))
            where, old, new = name, _component(self.old, name), _component(self.new, name)
            if old and new:
                yield from self.schema(where, old, new, asked=asked)
            return
        if old.get("type") != new.get("type"):
            yield Break(where, f"its type {_changed(old, new, 'type')}")
            return
        yield from _words(where, old, new, asked=asked)
        yield from _bounds(where, old, new, asked=asked)
        if asked and old.get("default") != new.get("default"):
            yield Break(where, f"its default {_changed(old, new, 'default')}")
        yield from self.properties(where, old, new, asked=asked)
        for inner, mark in (("items", "[]"), ("additionalProperties", "{}")):
            one, other = old.get(inner), new.get(inner)
            if isinstance(one, dict) and isinstance(other, dict):
                yield from self.schema(where + mark, one, other, asked=asked)
            elif one != other:
                yield Break(where, f"{inner} {_changed(old, new, inner)}")
        parts = old.get("allOf", []), new.get("allOf", [])
        if len(parts[0]) != len(parts[1]):
            yield Break(where, "it is made of other parts")
        for one, other in zip(*parts, strict=False):
            yield from self.schema(where, one, other, asked=asked)

    def properties(self, where: str, old: Schema, new: Schema, *, asked: bool) -> Iterator[Break]:
        here = new.get("properties", {})
        before, now = set(old.get("required", [])), set(new.get("required", []))
        for name, schema in old.get("properties", {}).items():
            place = f"{where}.{name}"
            if name not in here:
                yield Break(place, "the property is gone")
                continue
            if asked and name in now - before:
                yield Break(place, "it is required")
            if not asked and name in before - now:
                yield Break(place, "it may be absent")
            yield from self.schema(place, schema, here[name], asked=asked)
        if asked:
            for name in sorted(now - before - set(old.get("properties", {}))):
                yield Break(f"{where}.{name}", "it is new and required")


class _Alternatives(NamedTuple):
    null: bool
    others: list[Schema]


def _alternatives(schema: Schema) -> _Alternatives:
    """Return whether a schema allows null, and what else it allows, without words for people."""
    for several in _SEVERAL:
        if several in schema:
            found = [_alternatives(one) for one in schema[several]]
            null = any(one.null for one in found)
            return _Alternatives(null, [other for one in found for other in one.others])
    told = {key: value for key, value in schema.items() if key not in _FOR_PEOPLE}
    types = told.get("type", [])
    types = [types] if isinstance(types, str) else list(types)
    null = "null" in types or None in told.get("enum", [])
    types = [word for word in types if word != "null"]
    if null and not types:
        return _Alternatives(True, [])
    if "enum" in told:
        told["enum"] = [word for word in told["enum"] if word is not None]
    return _Alternatives(null, [told | ({"type": types[0]} if len(types) == 1 else {})])


_FOR_PEOPLE = {"description", "title", "example", "examples", "readOnly", "deprecated"}


def _alike(one: Schema, other: Schema) -> bool:
    """Return whether two alternatives are the same one, changed."""
    if "$ref" in one or "$ref" in other:
        return one.get("$ref") == other.get("$ref")
    return one.get("type") == other.get("type")


def _words(where: str, old: Schema, new: Schema, *, asked: bool) -> Iterator[Break]:
    for key in ("enum", _GROWING):
        before, now = _listed(old, key), _listed(new, key)
        if before is None and now is None:
            continue
        if before is None or now is None:
            if not (asked and now is None):
                told = "is a closed list of words" if key == "enum" else "has a growing vocabulary"
                yield Break(where, f"it {told}{' no more' if now is None else ''}")
            continue
        for word in before:
            if word not in now:
                yield Break(where, f"the word `{word}` is gone")
        if key == "enum" and not asked:
            for word in now:
                if word not in before:
                    yield Break(where, f"the word `{word}` is new in a closed list of words")


def _listed(schema: Schema, key: str) -> list[Any] | None:
    if key == "enum" and "const" in schema:
        return [schema["const"]]
    found: list[Any] | None = schema.get(key)
    return found


def _bounds(where: str, old: Schema, new: Schema, *, asked: bool) -> Iterator[Break]:
    """Name bounds that parameters are narrowed by, or that answers no longer keep."""
    for words, sign in ((_LOWEST, 1), (_HIGHEST, -1)):
        for word in words:
            before, now = old.get(word), new.get(word)
            strict, loose = (now, before) if asked else (before, now)
            if strict is not None and (loose is None or (strict - loose) * sign > 0):
                yield Break(where, f"its {word} {_changed(old, new, word)}")
    for word in _NOTATION:
        if old.get(word) != new.get(word) and not (asked and new.get(word) is None):
            yield Break(where, f"its {word} {_changed(old, new, word)}")


def _parameters(operation: Schema) -> Parameters:
    return {(one["in"], one["name"]): one for one in operation.get("parameters", [])}


def _secured(description: Schema, operation: Schema) -> bool:
    """Return whether nobody may ask without credentials."""
    needed: Any = operation.get("security", description.get("security", []))
    return bool(needed) and {} not in needed


def _component(description: Schema, name: str) -> Schema:
    found: Schema = description.get("components", {}).get("schemas", {}).get(name, {})
    return found


def _name(schema: Schema) -> str:
    """Name a schema: a component by its own name, anything else by its type."""
    if "$ref" in schema:
        return str(schema["$ref"]).rsplit("/", 1)[1]
    return str(schema.get("type", "anything"))


def _changed(old: Schema, new: Schema, key: str) -> str:
    before, now = old.get(key), new.get(key)
    if before is None:
        return f"is new: {now}"
    if now is None:
        return f"{before} is gone"
    return f"was {before}, is {now}"
