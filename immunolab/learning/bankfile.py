"""Read one quiz.yaml: plain data, the line of every part, and every problem of the file at once."""

import difflib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import fastjsonschema
import yaml

Where = tuple[str | int, ...]
"""The way to a part of the file, such as ("questions", 2, "options", 0, "feedback")."""

_SCHEMA = Path(__file__).with_name("quiz.schema.json")
_TIMESTAMP = "tag:yaml.org,2002:timestamp"


@dataclass(frozen=True, order=True)
class Problem:
    """One thing wrong in a file: where it stands, which question or task it belongs to, and why."""

    file: Path
    line: int
    about: str
    reason: str

    def __str__(self) -> str:
        return f"{self.file.as_posix()}:{self.line}: {self.about}: {self.reason}"


class BankError(ValueError):
    """A question bank that cannot be used. ``problems`` holds all that was found, in file order."""

    def __init__(self, problems: list[Problem]):
        self.problems = sorted(problems)
        count = "one problem" if len(problems) == 1 else f"{len(problems)} problems"
        super().__init__("\n".join([f"The question bank has {count}:", *map(str, self.problems)]))


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
    """The safe loader, in C where there is one, that leaves dates as the text they were written as."""

    yaml_implicit_resolvers = {  # noqa: RUF012  (PyYAML reads it from the class)
        first: [(tag, pattern) for tag, pattern in resolvers if tag != _TIMESTAMP]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }


class Lines:
    """Where each part of a file stands, from the marks that the YAML parser leaves on its nodes."""

    def __init__(self, root: yaml.Node):
        self.duplicates: list[Where] = []
        self._lines: dict[Where, int] = {}
        self._walk(root, ())

    def of(self, where: Where) -> int:
        """The line of this part, counted from 1, or of the nearest part around it."""
        while where not in self._lines and where:
            where = where[:-1]
        return self._lines.get(where, 1)

    def _walk(self, node: yaml.Node, where: Where) -> None:
        self._lines.setdefault(where, node.start_mark.line + 1)
        if isinstance(node, yaml.SequenceNode):
            for place, child in enumerate(node.value):
                self._walk(child, (*where, place))
        elif isinstance(node, yaml.MappingNode):
            for key, child in node.value:
                inner = (*where, key.value)
                if inner in self._lines:
                    self.duplicates.append(inner)
                self._lines[inner] = key.start_mark.line + 1
                self._walk(child, inner)


def read(path: Path) -> tuple[dict, Lines]:
    """The data of a usable bank, and its lines. Raises `BankError` with every problem of the file."""
    data, lines = _parse(path)
    found = [(where, "stands here twice; YAML would keep only one of them") for where in lines.duplicates]
    found += _against_schema(data)
    found = found or list(_against_meaning(data))
    if found:
        raise BankError([Problem(path, lines.of(where), _name(data, where), why) for where, why in found])
    return data, lines


def _parse(path: Path) -> tuple[Any, Lines]:
    try:
        loader = _Loader(path.read_text(encoding="utf-8"))
        node = loader.get_single_node()
        if node is None:
            raise BankError([Problem(path, 1, "file", "is empty")])
        return loader.construct_document(node), Lines(node)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        reason = f"is not valid YAML: {error.problem}. Text with a colon or a quote needs quotes around it"
        raise BankError([Problem(path, line, "file", reason)]) from None
    except (UnicodeDecodeError, yaml.YAMLError) as error:
        raise BankError([Problem(path, 1, "file", f"cannot be read as UTF-8 text: {error}")]) from None


def _against_schema(data: Any) -> list[tuple[Where, str]]:
    """Every breach of the schema: a quick check stops at the first, then a slow one finds them all.

    jsonschema takes over a second to import beside Jupyter's extras, which a learner should not wait for.
    """
    try:
        _quick_check()(data)
    except fastjsonschema.JsonSchemaException:
        return _every_breach(data)
    return []


@cache
def _schema() -> dict:
    return json.loads(_SCHEMA.read_text(encoding="utf-8"))


@cache
def _quick_check():
    return fastjsonschema.compile(_schema())


def _every_breach(data: Any) -> list[tuple[Where, str]]:
    import jsonschema

    errors = jsonschema.Draft7Validator(_schema()).iter_errors(data)
    return [(tuple(error.absolute_path), _reason(error)) for error in errors]


def _reason(error) -> str:
    """What a schema error means to the person who wrote the bank."""
    if error.validator == "not":
        return "does not belong to a question of this kind"
    if error.validator == "required":
        missing = next(name for name in error.validator_value if f"'{name}'" in error.message)
        return f"needs “{missing}”"
    if error.validator == "additionalProperties":
        known = list(error.schema["properties"])
        return "; ".join(_unknown(str(key), known) for key in error.instance if key not in known)
    if error.validator == "enum":
        return f"is {error.instance!r}; allowed are {', '.join(error.validator_value)}"
    if "description" in error.schema:
        return f"is {_short(error.instance)}; it must be {error.schema['description']}"
    return error.message


def _unknown(key: str, known: list[str]) -> str:
    close = difflib.get_close_matches(key, known, n=1)
    advice = f"did you mean “{close[0]}”?" if close else f"known are {', '.join(known)}"
    return f"unknown key “{key}”; {advice}"


def _against_meaning(data: dict) -> Iterator[tuple[Where, str]]:
    """What a schema cannot say, and without which an answer could not be judged."""
    seen: set[str] = set()
    for group in ("questions", "tasks"):
        for place, entry in enumerate(data.get(group, ())):
            where = (group, place)
            if entry["id"] in seen:
                yield (*where, "id"), "is used twice in this bank"
            seen.add(entry["id"])
            yield from ((where, reason) for reason in _wrong_key(entry))
            yield from _wrong_slips(entry, where)
            yield from _wrong_swaps(entry, where)


def _wrong_key(entry: dict) -> Iterator[str]:
    kind = entry.get("kind")
    right = sum(option.get("right", False) for option in entry.get("options", ()))
    if kind == "single" and right != 1:
        yield f"has {right} right options; a single question has exactly one"
    if kind == "multiple" and right == 0:
        yield "has no right option"
    if kind == "predict" and right > 1:
        yield f"has {right} right options; a prediction has one, or none"


def _wrong_slips(entry: dict, where: Where) -> Iterator[tuple[Where, str]]:
    for place, slip in enumerate(entry.get("slips", ())):
        if slip["low"] > slip["high"]:
            yield (*where, "slips", place), f"low {slip['low']} lies above high {slip['high']}"


def _wrong_swaps(entry: dict, where: Where) -> Iterator[tuple[Where, str]]:
    for place, swap in enumerate(entry.get("swaps", ())):
        first, second = swap["pair"]
        if first == second or max(first, second) >= len(entry["items"]):
            reason = f"pair {swap['pair']} must be two different places from 0 to {len(entry['items']) - 1}"
            yield (*where, "swaps", place), reason


def _name(data: Any, where: Where) -> str:
    """What to call this part: the id of its question or task, then the way inside it."""
    if len(where) < 2:
        return ".".join(map(str, where)) or "file"
    entry = data[where[0]][where[1]] if isinstance(where[1], int) else {}
    named = isinstance(entry, dict) and isinstance(entry.get("id"), str)
    name = entry["id"] if named else f"{where[0]}[{where[1]}]"
    inside = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in where[2:]).lstrip(".")
    return f"{name} {inside}".rstrip()


def _short(value: Any, limit: int = 60) -> str:
    text = repr(value)
    return text if len(text) <= limit else text[: limit - 1] + "…"
