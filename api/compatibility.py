"""The comparison of two OpenAPI 3.1 descriptions: which changes break clients of the older one.

Within v1 the API only grows: new endpoints, optional parameters, values of parameters, properties
of answers and words of growing vocabularies are no break. Texts for people do not count. Operation
ids and names of components count, because generated clients use them.
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
    """A change that breaks clients."""

    where: str
    """An operation, or a property such as `Component.property[].property`."""
    change: str

    def __str__(self) -> str:
        return f"{self.where}: {self.change}"


def find_breaks(old: Schema, new: Schema) -> list[Break]:
    """Return each change that breaks clients of `old`, in the order of its description."""
    return list(dict.fromkeys(_Comparison(old, new).run()))


class _Comparison:
    """Two descriptions, and the components that were already compared, by direction."""

    def __init__(self, old: Schema, new: Schema) -> None:
        self.old, self.new = old, new
        self.compared: set[tuple[str, bool]] = set()

    def run(self) -> Iterator[Break]:
        for path, item in self.old.get("paths", {}).items():
            if path not in self.new.get("paths", {}):
                yield Break(path, "the path was removed")
                continue
            for method, operation in item.items():
                if isinstance(operation, dict):
                    other = self.new["paths"][path].get(method)
                    yield from self.operation(f"{method.upper()} {path}", operation, other)
        names = self.new.get("components", {}).get("schemas", {})
        for name in self.old.get("components", {}).get("schemas", {}):
            if name not in names:
                yield Break(name, "the component was removed or renamed")

    def operation(self, where: str, old: Schema, new: Schema | None) -> Iterator[Break]:
        if new is None:
            yield Break(where, "the operation was removed")
            return
        if old.get("operationId") != new.get("operationId"):
            yield Break(where, f"operationId {_changed(old, new, 'operationId')}")
        where = old.get("operationId") or where
        if _secured(self.new, new) and not _secured(self.old, old):
            yield Break(where, "it requires authentication")
        if new.get("requestBody", {}).get("required") and "requestBody" not in old:
            yield Break(where, "it requires a body")
        yield from self.parameters(where, _parameters(old), _parameters(new))
        yield from self.answers(where, old["responses"], new["responses"])

    def parameters(self, where: str, old: Parameters, new: Parameters) -> Iterator[Break]:
        for key, parameter in old.items():
            name = f"the {key[0]} parameter `{key[1]}`"
            other = new.get(key)
            if other is None:
                yield Break(where, f"{name} was removed")
                continue
            if other.get("required") and not parameter.get("required"):
                yield Break(where, f"{name} is required")
            for word in ("style", "explode"):
                if parameter.get(word) != other.get(word):
                    yield Break(where, f"{name}: {word} {_changed(parameter, other, word)}")
            place = f"{where}, {name}"
            yield from self.schema(place, parameter["schema"], other["schema"], is_input=True)
        for key, other in new.items():
            if key not in old and other.get("required"):
                yield Break(where, f"the {key[0]} parameter `{key[1]}` is new and required")

    def answers(self, where: str, old: Schema, new: Schema) -> Iterator[Break]:
        for status, answer in old.items():
            other = new.get(status)
            if other is None:
                yield Break(where, f"the answer {status} was removed")
                continue
            for name in answer.get("headers", {}):
                if name not in other.get("headers", {}):
                    yield Break(where, f"the header {name} of {status} was removed")
            for media_type, content in answer.get("content", {}).items():
                if media_type not in other.get("content", {}):
                    yield Break(where, f"{status} no longer has {media_type}")
                    continue
                schema = other["content"][media_type]
                place = f"{where}, {status} {media_type}"
                yield from self.schema(
                    place, content.get("schema", {}), schema.get("schema", {}), is_input=False
                )
            for word in answer.get("x-formats", {}):
                if word not in other.get("x-formats", {}):
                    yield Break(where, f"{status} no longer has the format {word}")
        for status in new:
            if status not in old and status[0] in "23" and status != "304":
                yield Break(where, f"the answer {status} is new")

    def schema(self, where: str, old: Schema, new: Schema, *, is_input: bool) -> Iterator[Break]:
        """Compare the schemas of a parameter (`is_input`) or of an answer."""
        olds, news = _alternatives(old), _alternatives(new)
        if is_input and olds.null and not news.null:
            yield Break(where, "it no longer accepts null")
        if not is_input and olds.null != news.null:
            yield Break(where, "it can be null" if news.null else "it can no longer be null")
        rest = [schema for schema in news.others if schema not in olds.others]
        for schema in (schema for schema in olds.others if schema not in news.others):
            fitting = [other for other in rest if _alike(schema, other)]
            if not fitting and len(olds.others) == len(news.others) == 1:
                fitting = rest[:]
            if not fitting:
                yield Break(where, f"it can no longer be {_name(schema)}")
                continue
            rest.remove(fitting[0])
            yield from self.single(where, schema, fitting[0], is_input=is_input)
        for schema in olds.others:
            if schema in news.others:  # equal references may lead to components that differ
                yield from self.single(where, schema, schema, is_input=is_input)
        if not is_input:
            yield from (Break(where, f"it can be {_name(schema)}") for schema in rest)

    def single(self, where: str, old: Schema, new: Schema, *, is_input: bool) -> Iterator[Break]:
        if "$ref" in old or "$ref" in new:
            if old.get("$ref") != new.get("$ref"):
                yield Break(where, f"it is {_name(new)} instead of {_name(old)}")
                return
            name = _name(old)
            if (name, is_input) in self.compared:
                return
            self.compared.add((name, is_input))
            where, old, new = name, _component(self.old, name), _component(self.new, name)
            if old and new:
                yield from self.schema(where, old, new, is_input=is_input)
            return
        if old.get("type") != new.get("type"):
            yield Break(where, f"its type {_changed(old, new, 'type')}")
            return
        yield from _words(where, old, new, is_input=is_input)
        yield from _bounds(where, old, new, is_input=is_input)
        if is_input and old.get("default") != new.get("default"):
            yield Break(where, f"its default {_changed(old, new, 'default')}")
        yield from self.properties(where, old, new, is_input=is_input)
        for inner, mark in (("items", "[]"), ("additionalProperties", "{}")):
            before, now = old.get(inner), new.get(inner)
            if isinstance(before, dict) and isinstance(now, dict):
                yield from self.schema(where + mark, before, now, is_input=is_input)
            elif before != now:
                yield Break(where, f"{inner} {_changed(old, new, inner)}")
        parts = old.get("allOf", []), new.get("allOf", [])
        if len(parts[0]) != len(parts[1]):
            yield Break(where, "it consists of other parts")
        for before, now in zip(*parts, strict=False):
            yield from self.schema(where, before, now, is_input=is_input)

    def properties(
        self, where: str, old: Schema, new: Schema, *, is_input: bool
    ) -> Iterator[Break]:
        properties = new.get("properties", {})
        before, now = set(old.get("required", [])), set(new.get("required", []))
        for name, schema in old.get("properties", {}).items():
            place = f"{where}.{name}"
            if name not in properties:
                yield Break(place, "the property was removed")
                continue
            if is_input and name in now - before:
                yield Break(place, "it is required")
            if not is_input and name in before - now:
                yield Break(place, "it may be absent")
            yield from self.schema(place, schema, properties[name], is_input=is_input)
        if is_input:
            for name in sorted(now - before - set(old.get("properties", {}))):
                yield Break(f"{where}.{name}", "it is new and required")


class _Alternatives(NamedTuple):
    null: bool
    others: list[Schema]


def _alternatives(schema: Schema) -> _Alternatives:
    """Return whether a schema allows null, and its other alternatives, without texts for people."""
    for several in _SEVERAL:
        if several in schema:
            parts = [_alternatives(part) for part in schema[several]]
            null = any(part.null for part in parts)
            return _Alternatives(null, [other for part in parts for other in part.others])
    rest = {key: value for key, value in schema.items() if key not in _FOR_PEOPLE}
    types = rest.get("type", [])
    types = [types] if isinstance(types, str) else list(types)
    null = "null" in types or None in rest.get("enum", [])
    types = [word for word in types if word != "null"]
    if null and not types:
        return _Alternatives(True, [])
    if "enum" in rest:
        rest["enum"] = [word for word in rest["enum"] if word is not None]
    return _Alternatives(null, [rest | ({"type": types[0]} if len(types) == 1 else {})])


_FOR_PEOPLE = {"description", "title", "example", "examples", "readOnly", "deprecated"}


def _alike(one: Schema, other: Schema) -> bool:
    """Return whether two alternatives are versions of the same one."""
    if "$ref" in one or "$ref" in other:
        return one.get("$ref") == other.get("$ref")
    return one.get("type") == other.get("type")


def _words(where: str, old: Schema, new: Schema, *, is_input: bool) -> Iterator[Break]:
    for key in ("enum", _GROWING):
        before, now = _listed(old, key), _listed(new, key)
        if before is None and now is None:
            continue
        if before is None or now is None:
            if not (is_input and now is None):
                text = "a closed list of words" if key == "enum" else "a growing vocabulary"
                yield Break(where, f"it is {'no longer ' if now is None else ''}{text}")
            continue
        for word in before:
            if word not in now:
                yield Break(where, f"the word `{word}` was removed")
        if key == "enum" and not is_input:
            for word in now:
                if word not in before:
                    yield Break(where, f"the word `{word}` is new in a closed list of words")


def _listed(schema: Schema, key: str) -> list[Any] | None:
    if key == "enum" and "const" in schema:
        return [schema["const"]]
    words: list[Any] | None = schema.get(key)
    return words


def _bounds(where: str, old: Schema, new: Schema, *, is_input: bool) -> Iterator[Break]:
    """Yield bounds that are narrower for a parameter, or wider for an answer."""
    for words, sign in ((_LOWEST, 1), (_HIGHEST, -1)):
        for word in words:
            before, now = old.get(word), new.get(word)
            strict, loose = (now, before) if is_input else (before, now)
            if strict is not None and (loose is None or (strict - loose) * sign > 0):
                yield Break(where, f"its {word} {_changed(old, new, word)}")
    for word in _NOTATION:
        if old.get(word) != new.get(word) and not (is_input and new.get(word) is None):
            yield Break(where, f"its {word} {_changed(old, new, word)}")


def _parameters(operation: Schema) -> Parameters:
    return {(each["in"], each["name"]): each for each in operation.get("parameters", [])}


def _secured(description: Schema, operation: Schema) -> bool:
    """Return whether every request needs authentication."""
    schemes: Any = operation.get("security", description.get("security", []))
    return bool(schemes) and {} not in schemes


def _component(description: Schema, name: str) -> Schema:
    component: Schema = description.get("components", {}).get("schemas", {}).get(name, {})
    return component


def _name(schema: Schema) -> str:
    """Return the name of a component, or the type of any other schema."""
    if "$ref" in schema:
        return str(schema["$ref"]).rsplit("/", 1)[1]
    return str(schema.get("type", "anything"))


def _changed(old: Schema, new: Schema, key: str) -> str:
    before, now = old.get(key), new.get(key)
    if before is None:
        return f"is new: {now}"
    if now is None:
        return f"{before} was removed"
    return f"was {before}, is {now}"
