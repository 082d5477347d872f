"""Valid values of the named bodies of an OpenAPI document, one line of JSON each.

usage: values.py DOCUMENT > VALUES      (Python packages: pyyaml, jsonschema)

A body is named if an operation sends or answers a component, alone, in a list, or as a member of an inline object.
Values are made of the schema (what is required; all; with nulls; each branch of a choice), and only those stay that a
validator accepts.
"""
import json
import re
import sys
from urllib.parse import unquote

import yaml
from jsonschema import Draft202012Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

DEPTH = 5
METHODS = ("get", "put", "post", "delete", "patch", "head", "options", "trace")
SAYS_SOMETHING = ("$ref", "type", "properties", "allOf", "oneOf", "anyOf", "enum", "const", "items", "additionalProperties")
TEXTS = {
    "date-time": "2024-05-06T07:08:09Z",
    "date": "2024-05-06",
    "time": "07:08:09Z",
    "uuid": "6f1d3b7e-2c4a-4e8b-9a0d-1f2e3d4c5b6a",
    "uri": "https://example.com/a",
    "url": "https://example.com/a",
    "email": "ada@example.com",
    "byte": "aGk=",
    "ipv4": "192.0.2.1",
    "ipv6": "2001:db8::1",
    "snowflake": "1234567890",
}


def load(path):
    """JSON, or YAML 1.2, in which only true and false are booleans and a date is a text."""
    text = open(path, encoding="utf-8").read()
    if path.endswith("json"):
        return json.loads(text)

    class Loader(yaml.CSafeLoader):
        pass

    def is_kept(first, tag):
        kind = tag.rsplit(":", 1)[1]
        return kind != "timestamp" and (kind != "bool" or first in "tTfF")

    Loader.yaml_implicit_resolvers = {
        first: [(tag, pattern) for tag, pattern in all_of if is_kept(first, tag)]
        for first, all_of in yaml.CSafeLoader.yaml_implicit_resolvers.items()
    }
    return yaml.load(text, Loader=Loader)


def operations(document):
    for item in document.get("paths", {}).values():
        for method, operation in item.items():
            if method in METHODS:
                yield operation


class Document:
    def __init__(self, path):
        self.whole = load(path)
        self.is_old = str(self.whole.get("openapi")).startswith("3.0")

    def resolved(self, node):
        for _ in range(20):
            target = node.get("$ref") if isinstance(node, dict) else None
            if not isinstance(target, str):
                break
            node = self.whole
            for step in target[2:].split("/"):
                step = unquote(step.replace("~1", "/").replace("~0", "~"))
                node = node[int(step)] if isinstance(node, list) else node[step]
        return node

    def bodies(self):
        """Component to how it travels: `request`, `answer` or both."""
        found = {}

        def note(schema, role, deep):
            target = schema.get("$ref", "")
            if target.startswith("#/components/schemas/"):
                name = target.rsplit("/", 1)[1].replace("~1", "/").replace("~0", "~")
                found.setdefault(name, set()).add(role)
            elif schema.get("type") == "array":
                note(schema.get("items", {}), role, deep)
            elif deep:
                for member in schema.get("properties", {}).values():
                    note(member, role, deep - 1)

        for operation in operations(self.whole):
            parts = [("request", operation.get("requestBody", {}))]
            parts += [("answer", it) for status, it in operation.get("responses", {}).items() if str(status)[0] == "2"]
            for role, part in parts:
                for media, content in self.resolved(part).get("content", {}).items():
                    if "json" in media:
                        note(content.get("schema", {}), role, 1)
        return found

    def lowered(self, node):
        """A schema as JSON Schema 2020-12."""
        if isinstance(node, list):
            return [self.lowered(item) for item in node]
        if not isinstance(node, dict):
            return node
        if self.is_old and "$ref" in node:
            return {"$ref": node["$ref"]}
        out = {}
        for key, value in node.items():
            if key in ("properties", "patternProperties", "$defs") and isinstance(value, dict):
                out[key] = {name: self.lowered(schema) for name, schema in value.items()}
            elif key in ("enum", "const", "required"):
                out[key] = value
            elif key == "pattern":
                try:
                    re.compile(value)
                    out[key] = value
                except re.error:
                    pass
            elif key not in ("example", "examples", "default", "discriminator", "xml", "externalDocs", "nullable"):
                out[key] = self.lowered(value)
        if self.is_old:
            for limit, exclusive in (("minimum", "exclusiveMinimum"), ("maximum", "exclusiveMaximum")):
                if out.pop(exclusive, False) is True and limit in out:
                    out[exclusive] = out.pop(limit)
            if node.get("nullable") is True and isinstance(out.get("type"), str):
                out["type"] = [out["type"], "null"]
                if "enum" in out:
                    out["enum"] = out["enum"] + [None]
        return out

    def validators(self):
        schemas = {name: self.lowered(it) for name, it in self.whole["components"]["schemas"].items()}
        whole = Resource.from_contents({"components": {"schemas": schemas}}, default_specification=DRAFT202012)
        registry = Registry().with_resource("urn:document", whole)

        def of(name):
            name = name.replace("~", "~0").replace("/", "~1").replace("%", "%25")
            return Draft202012Validator({"$ref": f"urn:document#/components/schemas/{name}"}, registry=registry)

        return of


class Maker:
    """Makes one value: `full` with all members, `nulls` with null where it may be, `branch` of each choice."""

    def __init__(self, document, skipped, full, nulls, branch):
        self.document, self.skipped = document, skipped
        self.full, self.nulls, self.branch = full, nulls, branch

    def make(self, schema, depth=0, shift=0):
        schema = self.document.resolved(schema)
        branch = self.branch + shift
        if not isinstance(schema, dict):
            return {"any": 1} if schema is True else None
        kind = schema.get("type")
        is_nullable = schema.get("nullable") or (isinstance(kind, list) and "null" in kind)
        if self.nulls and is_nullable and depth == 1:
            return None
        if "const" in schema:
            return schema["const"]
        if schema.get("enum"):
            values = [value for value in schema["enum"] if value is not None] or [None]
            return values[branch % len(values)]
        if "allOf" in schema:
            return self.all_of(schema, depth)
        for word in ("oneOf", "anyOf"):
            if schema.get(word):
                return self.choice(schema, word, depth)
        if isinstance(kind, list):
            kind = next((it for it in kind if it != "null"), "null")
        if kind is None and ("properties" in schema or "additionalProperties" in schema):
            kind = "object"
        if kind is None and "items" in schema:
            kind = "array"
        if kind == "object":
            return self.object(schema, depth)
        if kind == "array":
            count = max(schema.get("minItems", 0), 1 if self.full and depth < DEPTH else 0)
            items = schema.get("items", {})
            return [self.make(items, depth + 1, shift + at) for at in range(min(count, 5))]
        if kind in ("integer", "number"):
            return self.number(schema, kind)
        if kind == "string":
            text = TEXTS.get(schema.get("format"), "text")
            text = text[: schema.get("maxLength", len(text))] if text == "text" else text
            return text.ljust(schema.get("minLength", 0), "x")
        if kind == "boolean":
            return True
        if kind == "null":
            return None
        return {} if "required" in schema else {"any": [1, "two", None]}

    def all_of(self, schema, depth):
        merged, other = {}, None
        beside = {key: value for key, value in schema.items() if key != "allOf"}
        for part in [beside] + schema["allOf"]:
            if any(word in part for word in SAYS_SOMETHING):
                value = self.make(part, depth)
                if isinstance(value, dict):
                    merged.update(value)
                elif value is not None:
                    other = value
        return merged if merged or other is None else other

    def choice(self, schema, word, depth):
        parts = [it for it in schema[word] if self.document.resolved(it) != {"type": "null"}]
        if not parts:
            return None
        part = parts[self.branch % len(parts) if depth < DEPTH else 0]
        says_something = any(word in self.document.resolved(part) for word in SAYS_SOMETHING)
        value = self.make(part, depth + 1) if says_something else {}
        if not isinstance(value, dict):
            return value
        if "properties" in schema:
            beside = {key: it for key, it in schema.items() if key not in ("oneOf", "anyOf")}
            value = {**self.make({**beside, "type": "object"}, depth), **value}
        tag = (schema.get("discriminator") or {}).get("propertyName")
        if tag:
            mapping = schema["discriminator"].get("mapping") or {}
            target = part.get("$ref", "")
            name = target.rsplit("/", 1)[-1]
            name = next((key for key, it in mapping.items() if it in (target, name)), name)
            if name and value.get(tag) not in mapping:
                value[tag] = name
        return value

    def object(self, schema, depth):
        required, out = schema.get("required") or [], {}
        for name, member in (schema.get("properties") or {}).items():
            if self.is_skipped(member):
                continue
            if name in required or (self.full and depth < DEPTH):
                out[name] = self.make(member, depth + 1)
        for name in required:
            if name not in (schema.get("properties") or {}):
                out[name] = "a text"
        rest = schema.get("additionalProperties")
        if self.full and depth < DEPTH and (rest is True or isinstance(rest, dict)):
            out["further"] = self.make(rest, depth + 1) if rest and rest is not True else "kept?"
        return out

    def is_skipped(self, schema):
        schema = self.document.resolved(schema)
        if not isinstance(schema, dict):
            return False
        return any(schema.get(word) for word in self.skipped) or any(map(self.is_skipped, schema.get("allOf", [])))

    @staticmethod
    def number(schema, kind):
        value = 7 if kind == "integer" else 2.5
        least, most = schema.get("minimum"), schema.get("maximum")
        if isinstance(most, (int, float)) and value > most:
            value = most
        if isinstance(least, (int, float)) and value < least:
            value = least + 1
        return int(value) if kind == "integer" else value


def main(path):
    sys.setrecursionlimit(20_000)
    document = Document(path)
    validator, count = document.validators(), 0
    # A client sends nothing that is only read, and receives nothing that is only written.
    skipped = {"request": ["readOnly"], "answer": ["writeOnly"]}
    for name, roles in document.bodies().items():
        skip = skipped[next(iter(roles))] if len(roles) == 1 else ["readOnly", "writeOnly"]
        seen = set()
        for full, nulls, branches in ((False, False, 4), (True, False, 4), (True, True, 1)):
            for branch in range(branches):
                try:
                    value = Maker(document, skip, full, nulls, branch).make(document.whole["components"]["schemas"][name])
                    is_new = json.dumps(value, sort_keys=True) not in seen
                    if is_new and validator(name).is_valid(value):
                        seen.add(json.dumps(value, sort_keys=True))
                        print(json.dumps({"type": name, "value": value}))
                        count += 1
                except (RecursionError, LookupError, TypeError, ValueError):
                    pass  # A schema that cannot be satisfied by it: other schemas count.
    print(f"{path}: {count} values", file=sys.stderr)


if __name__ == "__main__":
    main(sys.argv[1])
