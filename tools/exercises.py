"""Derive exercise.ipynb from solution.ipynb: only the solution is written by hand.

In code cells, the lines between ``# BEGIN SOLUTION`` and ``# END SOLUTION`` become a blank. Every name that
they define and that is needed outside blanks keeps a line, ``name = ...  # your turn``; a function keeps its
signature and docstring. Cells tagged ``solution`` are left out. Cells tagged ``exercise-only`` are written
raw in the solution, where they do nothing, and become Markdown in the exercise.

``make notebooks`` derives, executes and saves the exercises.
"""

import ast
import copy
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass

from nbformat import NotebookNode

BEGIN, END = "# BEGIN SOLUTION", "# END SOLUTION"
BLANK = "...  # your turn"
LEFT_OUT, ADDED = "solution", "exercise-only"


@dataclass(frozen=True)
class Block:
    """Lines of a code cell between the markers; ``first`` and ``last`` are the lines of the markers."""

    first: int
    last: int
    indent: str
    source: str


def derive(solution: NotebookNode) -> NotebookNode:
    """The exercise of a solution, without outputs. Raises ValueError that says where a marker is stray."""
    exercise = copy.deepcopy(solution)
    exercise.cells = [cell for cell in exercise.cells if LEFT_OUT not in tags(cell)]
    needed: set[str] = set()
    for number, cell in reversed(list(enumerate(exercise.cells, 1))):
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
            try:
                cell.source, needed = with_blanks(cell.source, needed)
            except (ValueError, SyntaxError) as error:
                raise ValueError(f"cell {number} of the solution: {error}") from error
        elif ADDED in tags(cell):
            cell.cell_type = "markdown"
            cell.metadata.tags.remove(ADDED)
    return exercise


def tags(cell: NotebookNode) -> list[str]:
    """The tags of a cell, an empty list where it has none."""
    return cell.metadata.get("tags", [])


def with_blanks(source: str, needed_later: set[str]) -> tuple[str, set[str]]:
    """A code cell with its blanks, and the names needed from this cell on.

    ``needed_later`` are the names that later cells read outside blanks.
    """
    blocks = list(find_blocks(source))
    lines = source.split("\n")
    shown = list(lines)
    for block in blocks:
        shown[block.first : block.last + 1] = [block.indent + "pass"] * (block.last + 1 - block.first)
    reads = list(names_read("\n".join(shown)))
    for block in reversed(blocks):
        needed = needed_later | {name for name, line in reads if line > block.last}
        lines[block.first : block.last + 1] = textwrap.indent(
            blank(block.source, needed), block.indent
        ).split("\n")
    return "\n".join(lines), needed_later | {name for name, _ in reads}


def find_blocks(source: str) -> Iterator[Block]:
    """The marked blocks of a code cell, in order. Raises ValueError for a marker without its partner."""
    begin = None
    lines = source.split("\n")
    for number, line in enumerate(lines):
        marker = line.strip()
        if marker not in (BEGIN, END):
            continue
        if (marker == END) == (begin is None):
            raise ValueError(f"line {number + 1}, {marker!r}, has no partner")
        if marker == BEGIN:
            begin = number
            continue
        indent = lines[begin][: len(lines[begin]) - len(lines[begin].lstrip())]
        yield Block(begin, number, indent, textwrap.dedent("\n".join(lines[begin + 1 : number])))
        begin = None
    if begin is not None:
        raise ValueError(f"line {begin + 1}, {BEGIN!r}, has no partner")


def names_read(source: str) -> Iterator[tuple[str, int]]:
    """Each name that code reads, with its line from 0."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            yield node.id, node.lineno - 1


def blank(source: str, needed: set[str]) -> str:
    """What a learner gets in place of a block: a line for each definition that is needed later."""
    stubs = []
    for statement in ast.parse(source).body:
        if isinstance(statement, ast.FunctionDef):
            stubs += [function_stub(statement)] if statement.name in needed else []
            continue
        stored = (node for node in ast.walk(statement) if isinstance(node, ast.Name))
        stubs += [
            f"{node.id} = {BLANK}" for node in stored if isinstance(node.ctx, ast.Store) and node.id in needed
        ]
    return "\n".join(dict.fromkeys(stubs)) or "# your turn"


def function_stub(function: ast.FunctionDef) -> str:
    """Signature and docstring of a function, its body left blank."""
    head = copy.copy(function)
    head.body = [ast.Pass()]
    signature = ast.unparse(head).removesuffix("    pass").rstrip()
    docstring = ast.get_docstring(function, clean=False)
    body = [f'    """{docstring}"""'] if docstring else []
    return "\n".join([signature, *body, f"    {BLANK}"])
