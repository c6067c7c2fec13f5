"""The fast content checks (``make check``): every problem on a line of its own, as file:line, what, and why.

A check is a function without arguments that yields a `Problem` for each; to add one, name it in ``CHECKS``.
"""

import csv
import os
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))  # this very tree is checked, whatever else is installed

from immunolab import course  # noqa: E402
from immunolab.learning import lint, quiz  # noqa: E402
from immunolab.learning.bankfile import BankError, Problem  # noqa: E402

DATA = ROOT / "immunolab" / "data"
# Where sources are named by their key, and in which kinds of file
CITING = ("immunolab", "figures", "exercises", "notebooks")
WRITTEN = (".py", ".csv", ".yaml", ".ipynb", ".md")


def question_banks() -> Iterator[Problem]:
    """Every bank keeps the schema and the rules; every built lesson with objectives has one."""
    bibliography = DATA / "sources.bib"
    sources = lint.source_keys(bibliography) if bibliography.is_file() else None
    paths = sorted((ROOT / "exercises").glob("*/quiz.yaml"))
    for lesson in course.ready():
        expected = ROOT / "exercises" / lesson.stem / "quiz.yaml"
        if lesson.objectives and expected not in paths:
            yield Problem(expected, 1, lesson.stem, "the lesson is ready, but has no question bank")
    for path in paths:
        try:
            yield from lint.lint(quiz.load(path), sources)
        except BankError as error:
            yield from error.problems


def misconception_table() -> Iterator[Problem]:
    """The table and the course list name the same misconceptions for each lesson that is built."""
    path = DATA / "misconceptions.csv"
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        rows = [(reader.line_num, row) for row in reader]
    stems = {lesson.stem for lesson in course.LESSONS}
    for line, row in rows:
        for empty in (column for column, cell in row.items() if not cell or not cell.strip()):
            yield Problem(path, line, row["id"], f"{empty} is empty")
        for stem in set(row["lesson"].split()) - stems:
            yield Problem(path, line, row["id"], f"{stem} is not in the course list")
        if sum(other["id"] == row["id"] for _, other in rows) > 1:
            yield Problem(path, line, row["id"], "stands here twice")
    for lesson in course.ready():
        told = {row["id"] for _, row in rows if lesson.stem in row["lesson"].split()}
        for missing in sorted(set(lesson.misconceptions) ^ told):
            yield Problem(
                path, 1, missing, f"the table and course.py disagree on whether {lesson.stem} answers it"
            )


def stale_facts() -> Iterator[Problem]:
    """For a release (STRICT=1): no dated fact was last checked more than eight months ago."""
    if not os.environ.get("STRICT"):
        return
    from immunolab import tables  # pandas is slow to load, and nothing else here needs it

    for old in tables.stale(months=tables.ERROR_MONTHS):
        reason = (
            f"last checked on {old.checked}, {old.months} months ago: check it again and set the new date"
        )
        yield Problem(DATA / f"{old.table}.csv", 1, old.row, reason)


def unused_sources() -> Iterator[Problem]:
    """Every entry of sources.bib is named somewhere: in a table, a bank, a lesson, a diagram or an interactive."""
    path = DATA / "sources.bib"
    files = (file for folder in CITING for file in (ROOT / folder).rglob("*") if file.suffix in WRITTEN)
    named = {word for file in files for word in re.findall(r"\w+", file.read_text(encoding="utf-8"))}
    for line, text in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        entry = re.match(r"@\w+\{(\w+)", text)
        if entry and entry[1] not in named:
            yield Problem(path, line, entry[1], "nothing rests on it: cite it, or take it out")


CHECKS: tuple[Callable[[], Iterable[Problem]], ...] = (
    question_banks,
    misconception_table,
    stale_facts,
    unused_sources,
)


def main() -> int:
    problems = [problem for check in CHECKS for problem in check()]
    for problem in problems:
        print(str(problem).replace(f"{ROOT.as_posix()}/", ""))
    print(f"{len(problems)} problems" if problems else f"{len(CHECKS)} checks passed")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
