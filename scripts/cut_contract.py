"""Cuts an OpenAPI document down to what the tests use: `python -m scripts.cut_contract DOCUMENT CUT`.

It keeps the paths and methods that `CUT` has; to keep more, add the path with its method (`get: {}`) there first. It
drops descriptions, examples, tags and unused schemas. It keeps the comment at the head of `CUT`, which has the source
and the licence of the document.
"""

import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import yaml

DROPPED = frozenset(("description", "summary", "tags", "example", "operationId", "deprecated", "default"))


def main(source: Path, cut: Path) -> int:
    """Replace the cut document."""
    document = yaml.load(source.read_text(encoding="utf-8"), yaml.CSafeLoader)
    text = cut.read_text(encoding="utf-8")
    head = "".join(line for line in text.splitlines(keepends=True) if line.startswith("#"))
    kept = {path: tuple(methods) for path, methods in yaml.safe_load(text)["paths"].items()}
    short = shortened(document, kept)
    body = yaml.dump(short, Dumper=yaml.CSafeDumper, default_flow_style=None, sort_keys=False, width=118)
    cut.write_text(head + body, encoding="utf-8")
    return 0


def shortened(document: Mapping[str, object], kept: Mapping[str, tuple[str, ...]]) -> dict[str, object]:
    """The kept paths, and the schemas they refer to, directly or through others."""
    paths, schemas = _mapping(document, "paths"), _mapping(document, "components", "schemas")
    used = {path: {method: _bare(_mapping(paths, path)[method]) for method in kept[path]} for path in kept}
    needed: dict[str, object] = {}
    waiting = [*_references(used)]
    while waiting:
        name = waiting.pop()
        if name not in needed:
            needed[name] = _bare(schemas[name])
            waiting += _references(needed[name])
    info = {"title": _mapping(document, "info")["title"], "version": _mapping(document, "info")["version"]}
    return {
        "openapi": document["openapi"],
        "info": info,
        "paths": used,
        "components": {"schemas": dict(sorted(needed.items()))},
    }


def _mapping(node: Mapping[str, object], *keys: str) -> Mapping[str, object]:
    for key in keys:
        found = node[key]
        assert isinstance(found, dict), key
        node = found
    return node


def _bare(node: object) -> object:
    """The same without prose. OpenAPI requires the description of a response: it stays, empty."""
    if isinstance(node, list):
        return [_bare(item) for item in node]
    return _bare_mapping(node) if isinstance(node, dict) else node


def _bare_mapping(node: Mapping[str, object]) -> dict[str, object]:
    return {key: _below(key, value) for key, value in node.items() if key not in DROPPED}


def _below(keyword: str, node: object) -> object:
    """The value of a keyword. The keys of `properties` and `responses` are names, not keywords."""
    if keyword == "properties" and isinstance(node, dict):
        return {name: _bare(schema) for name, schema in node.items()}
    if keyword == "responses" and isinstance(node, dict):
        return {status: {"description": "", **_bare_mapping(answer)} for status, answer in node.items()}
    return _bare(node)


def _references(node: object) -> Iterator[str]:
    if isinstance(node, list):
        for item in node:
            yield from _references(item)
    elif isinstance(node, dict):
        for key, value in node.items():
            if key == "$ref" and isinstance(value, str):
                yield value.rpartition("/")[2]
            else:
                yield from _references(value)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2])))
