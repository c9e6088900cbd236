"""Go templates (text/template), as far as `docker … --format` is used: fields, variables, index, json, println, eq, or,
if, range."""

import json
import re

_ACTION = re.compile(r"\{\{(.*?)\}\}")
_WORD = re.compile(r'\s*("(?:[^"\\]|\\.)*"|[()]|\.[A-Za-z.]*|\$[A-Za-z]+|:=|[a-z]+)')


def expand(template: str, value: dict) -> str:
    """The text of a template for one value."""
    pieces = _ACTION.split(template)  # text, action, text, action, … text
    nodes, rest = _parse(pieces, 0)
    if rest != len(pieces):
        raise ValueError(f"template: end without a beginning: {template}")
    return _render(nodes, value, {})


def _parse(pieces: list[str], at: int) -> tuple[list, int]:
    """Nodes up to the end of the block: text, ("say", words), ("if", words, yes, no), ("range", words, body)."""
    nodes: list = []
    while at < len(pieces):
        if at % 2 == 0:
            nodes.append(pieces[at])
            at += 1
            continue
        words = _words(pieces[at])
        if words[0] in ("end", "else"):
            return nodes, at
        if words[0] in ("if", "range"):
            body, at = _parse(pieces, at + 1)
            other: list = []
            if _words(pieces[at])[0] == "else":
                other, at = _parse(pieces, at + 1)
            nodes.append((words[0], words[1:], body, other))
        else:
            nodes.append(("say", words))
        at += 1
    return nodes, at


def _words(text: str) -> list[str]:
    words, at = [], 0
    text = text.strip()
    while at < len(text):
        match = _WORD.match(text, at)
        if match is None:
            raise ValueError(f"template: not understood: {text}")
        words.append(match[1])
        at = match.end()
    return words


def _render(nodes: list, value, variables: dict) -> str:
    out = []
    for node in nodes:
        if isinstance(node, str):
            out.append(node)
            continue
        words = node[1]
        if words[1:2] == [":="]:
            variables[words[0]] = _evaluate(words[2:], value, variables)
            continue
        found = _evaluate(words, value, variables)
        if node[0] == "say":
            out.append(_text(found))
        elif node[0] == "if":
            out.append(_render(node[2] if found else node[3], value, variables))
        else:
            # Over a map's values, as Go does in the order of the keys.
            items = [found[key] for key in sorted(found)] if isinstance(found, dict) else found or []
            out.extend(_render(node[2], item, variables) for item in items)
    return "".join(out)


def _evaluate(words: list[str], value, variables: dict):
    arguments, at = [], 0
    while at < len(words):
        if words[at] == "(":
            depth, end = 1, at + 1
            while depth:
                depth += {"(": 1, ")": -1}.get(words[end], 0)
                end += 1
            arguments.append(_evaluate(words[at + 1 : end - 1], value, variables))
            at = end
            continue
        arguments.append(_atom(words[at], value, variables))
        at += 1
    first, rest = arguments[0], arguments[1:]
    return first(*rest) if callable(first) else first


def _atom(word: str, value, variables: dict):
    if word[0] == '"':
        return json.loads(word)
    if word[0] == ".":
        for name in filter(None, word.split(".")):
            if name not in value:
                raise ValueError(f"template: no field {word}")
            value = value[name]
        return value
    found = variables.get(word) if word[0] == "$" else _FUNCTIONS.get(word)
    if found is None:
        raise ValueError(f"template: no {word}")
    return found


def _text(value) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "<no value>" if value is None else str(value)


_FUNCTIONS = {
    "json": lambda value: json.dumps(value, separators=(",", ":")),
    # A map of strings has the empty one for a key that is not there.
    "index": lambda found, key: found.get(key, ""),
    "eq": lambda one, other: one == other,
    "or": lambda *words: next((word for word in words if word), words[-1]),
    "println": lambda value: f"{_text(value)}\n",
}
