"""Execute and normalise the notebooks: the lessons, the glossary made from them and the tables, the solutions, and
the exercises derived from these.

``python -m tools.notebooks`` (``make notebooks``) writes them; ``--check`` writes nothing and says which
would change, and in what. Paths or folders after it choose some. Each notebook runs in its own folder, with
an empty progress folder and without network. Nothing is written unless every cell of every notebook runs.
Running twice gives the same bytes.
"""

import argparse
import asyncio
import copy
import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError
from nbformat import NotebookNode

from immunolab.learning import quiz
from immunolab.saving import without_widgets
from tools import glossary, readme
from tools.exercises import derive
from tools.kernels import for_notebook, unattended

CELL_TIMEOUT_S = 60
KEPT_METADATA = ("tags", "jupyter")
NOTEBOOK_METADATA = {
    "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
    "language_info": {
        "file_extension": ".py",
        "mimetype": "text/x-python",
        "name": "python",
        "pygments_lexer": "ipython3",
    },
}


class CellFailed(Exception):
    """A cell that raised, timed out or lost its kernel; the message names notebook, cell and error."""


def sources(root: Path) -> Iterator[tuple[Path, NotebookNode]]:
    """Every notebook that is made, as it stands before it is executed, with the path it is saved to."""
    written = [*sorted(root.glob("notebooks/*.ipynb")), root / "tests" / "notebooks" / "canary.ipynb"]
    for path in filter(Path.exists, written):
        made = path.stem == glossary.LESSON.stem
        yield path, glossary.notebook(root) if made else nbformat.read(path, as_version=4)
    for path in sorted(root.glob("exercises/*/solution.ipynb")):
        solution = nbformat.read(path, as_version=4)
        yield path, solution
        try:
            yield path.with_name("exercise.ipynb"), derive(solution)
        except ValueError as error:
            raise ValueError(f"{os.path.relpath(path)}, {error}") from error


async def execute(notebook: NotebookNode, path: Path, run: Path) -> NotebookNode:
    """A copy of the notebook, executed as if it stood at ``path``; the kernel's own files go into ``run``.

    Raises CellFailed at the first cell that does not run.
    """
    executed = copy.deepcopy(notebook)
    client = NotebookClient(
        executed,
        timeout=CELL_TIMEOUT_S,
        kernel_name="python3",
        extra_arguments=["--log-level=ERROR"],  # not a word on each kernel's choice of transport
        resources={"metadata": {"path": str(path.parent)}},
    )
    started = []
    client.on_cell_start = lambda cell, cell_index: started.append(cell_index + 1)
    try:
        return await client.async_execute(env={**os.environ, **for_notebook(run, path)})
    except (CellExecutionError, CellTimeoutError, RuntimeError) as error:  # a dead kernel is a RuntimeError
        where = f"cell {started[-1]}" if started else "before its first cell"
        raise CellFailed(f"{os.path.relpath(path)}, {where}: {plain(str(error))}") from error


def plain(text: str) -> str:
    """Text of a traceback without the colours of a terminal."""
    return re.sub(r"\x1b\[[0-9;]*m", "", text).strip()


def normalise(notebook: NotebookNode) -> NotebookNode:
    """The notebook as it is saved: nothing in it depends on when, where or how often it was run."""
    clean = nbformat.from_dict(without_widgets(notebook))
    clean.metadata = nbformat.from_dict(NOTEBOOK_METADATA)
    clean.nbformat, clean.nbformat_minor = 4, 5
    count = 0
    for cell, name in zip(clean.cells, cell_ids(clean), strict=True):
        cell.id = name
        cell.metadata = nbformat.from_dict({k: v for k, v in cell.metadata.items() if k in KEPT_METADATA})
        if cell.cell_type != "code":
            continue
        cell.outputs = [nbformat.from_dict(output) for output in merged_streams(cell.outputs)]
        was_run = cell.execution_count is not None
        count += was_run
        cell.execution_count = count if was_run else None
        for output in cell.outputs:
            if output.output_type == "execute_result":
                output.execution_count = cell.execution_count
    return clean


def merged_streams(outputs: list[dict]) -> Iterator[dict]:
    """Outputs in order, neighbouring pieces of a stream joined: where a kernel splits its text is chance."""
    pending = None
    for output in outputs:
        if pending is not None and output["output_type"] == "stream" and output["name"] == pending["name"]:
            pending = {**pending, "text": pending["text"] + output["text"]}
            continue
        if pending is not None:
            yield pending
        pending = output if output["output_type"] == "stream" else None
        if pending is None:
            yield output
    if pending is not None:
        yield pending


def cell_ids(notebook: NotebookNode) -> Iterator[str]:
    """An id for each cell, made from its first words: it stays the same when cells are added before it."""
    seen: dict[str, int] = {}
    for cell in notebook.cells:
        words = re.sub(r"[^a-z0-9]+", "-", cell.source.strip().lower()[:80]).strip("-")
        slug = words[:40].rstrip("-") or cell.cell_type
        seen[slug] = seen.get(slug, 0) + 1
        yield slug if seen[slug] == 1 else f"{slug}-{seen[slug]}"


def text_of(notebook: NotebookNode) -> str:
    """The file of a notebook."""
    return nbformat.writes(notebook).rstrip("\n") + "\n"


def changes(old: NotebookNode, new: NotebookNode) -> Iterator[str]:
    """What differs between two notebooks, in words."""
    if old.metadata != new.metadata:
        yield "metadata of the notebook"
    if len(old.cells) != len(new.cells):
        yield f"{len(old.cells)} cells become {len(new.cells)}"
        return
    for number, (before, after) in enumerate(zip(old.cells, new.cells, strict=True), 1):
        parts = [part for part in sorted({*before, *after}) if before.get(part) != after.get(part)]
        if parts:
            yield f"cell {number} ({after.id}): {', '.join(parts)}"


async def execute_all(
    work: list[tuple[Path, NotebookNode]], at_once: int
) -> list[NotebookNode | BaseException]:
    """Each notebook executed and normalised, or the error that stopped it, in order."""
    gate = asyncio.Semaphore(at_once)

    async def one(path: Path, notebook: NotebookNode, run: Path) -> NotebookNode:
        async with gate:
            return normalise(await execute(notebook, path, run))

    with unattended() as run:
        jobs = (one(path, notebook, run) for path, notebook in work)
        return await asyncio.gather(*jobs, return_exceptions=True)


def is_chosen(path: Path, chosen: list[Path]) -> bool:
    """Whether a path is one of those chosen or lies below one; everything is, if nothing was chosen."""
    return not chosen or any(path.is_relative_to(one.resolve()) for one in chosen)


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tools.notebooks", description=__doc__.split("\n")[0])
    parser.add_argument("paths", nargs="*", type=Path, help="notebooks or folders; all of them if left out")
    parser.add_argument("--check", action="store_true", help="write nothing, say what would change")
    options = parser.parse_args(arguments)
    root = quiz.home()

    try:
        work = [(path, notebook) for path, notebook in sources(root) if is_chosen(path, options.paths)]
    except ValueError as error:
        parser.exit(1, f"{error}\nNothing was written.\n")
    if not work:
        parser.error("no notebook there")
    results = asyncio.run(execute_all(work, at_once=max(2, (os.cpu_count() or 2) // 2)))
    failures = [result for result in results if isinstance(result, BaseException)]
    if failures:
        print(*failures, "Nothing was written.", sep="\n\n", file=sys.stderr)
        return 1

    stale = 0
    for (path, _), new in zip(work, results, strict=True):
        text = text_of(new)
        if path.exists() and path.read_text(encoding="utf8") == text:
            continue
        stale += 1
        old = nbformat.read(path, as_version=4) if path.exists() else nbformat.v4.new_notebook()
        what = list(changes(old, new)) or ["layout of the file"]
        print(f"{path.relative_to(root)}: {'; '.join(what)}")
        if not options.check:
            path.write_text(text, encoding="utf8")
    stale += readme.refresh(write=not options.check)
    print(f"{len(work)} notebooks run, {stale} files {'would change' if options.check else 'written'}.")
    return 1 if options.check and stale else 0


if __name__ == "__main__":
    sys.exit(main())
