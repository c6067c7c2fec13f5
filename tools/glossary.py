"""Make the notebook of terms and sources from ``glossary.csv``, ``sources.bib`` and the lessons that are ready.

It holds Markdown alone, so that it reads everywhere and nothing in it is run. Part of ``make notebooks``.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from nbformat import NotebookNode, v4

from immunolab import course, tables
from immunolab.course import Lesson
from tools import figures
from tools.lessons import GENERATED, IMAGE, Page, calls

LESSON = course.lesson(GENERATED)
DIGITS = "0-9"

HEAD = f"""\
# {LESSON.title}

Every term of the course with its meaning, and every source of its numbers and claims. For education, not medical advice.

To look something up, press Ctrl+F (on a Mac, Cmd+F), or jump to a first letter. This page is made by `make notebooks`; \
what is wrong in it is put right in `immunolab/data/`.

- [Terms](#Terms)
- [Sources](#Sources)"""
TERMS = "Behind each term stands the lesson that explains it."
SOURCES = """\
Behind each source stand the lessons that cite it, in their text, questions or diagrams, or the tables in \
`immunolab/data/` that hold its numbers. Titles are spelt as they were printed."""


def notebook(root: Path) -> NotebookNode:
    """The notebook as the course in the folder ``root`` gives it."""
    return v4.new_notebook(cells=[v4.new_markdown_cell(text) for text in pages(root)])


def pages(root: Path) -> Iterator[str]:
    """The text of each cell: the head; then terms and sources, each with a cell for the jumps and one a letter."""
    yield HEAD
    rows = tables.table("glossary").itertuples()
    yield from section("Terms", TERMS, [(row.term, term(row)) for row in rows])
    lessons, numbers = cited(root), tabulated()
    used = [tables.source(key) for key in tables.sources() if key in lessons or key in numbers]
    entries = [
        (each.text, citation(each, lessons.get(each.key, []), numbers.get(each.key, []))) for each in used
    ]
    yield from section("Sources", SOURCES, entries)


def section(title: str, words: str, entries: list[tuple[str, str]]) -> Iterator[str]:
    """The cells of a list: entries in the order of their names, under the letters these begin with."""
    in_order = sorted(entries, key=lambda entry: (initial(entry[0]) != DIGITS, entry[0].casefold()))
    letters = {letter: list(group) for letter, group in groupby(in_order, lambda entry: initial(entry[0]))}
    jumps = " · ".join(f"[{letter}](#{title}-{letter})" for letter in letters)
    yield f"## {title}\n\n{words}\n\n{jumps}"
    for letter, group in letters.items():
        yield "\n".join([f"### {title} {letter}\n", *(f"- {text}" for _, text in group)])


def initial(name: str) -> str:
    """The letter under which a name is found."""
    return name[0].upper() if name[0].isalpha() else DIGITS


def term(row) -> str:
    """A term, its meaning, and its lesson: a link to the lesson's own list of terms, if it is ready."""
    return f"**{plain(row.term)}**: {plain(row.definition)} *{place(course.lesson(row.lesson), 'Terms')}*"


def place(lesson: Lesson, heading: str) -> str:
    """A lesson by number and title, as a link to one of its headings or as planned."""
    words = f"{lesson.number} {lesson.title}"
    return f"[{words}]({lesson.stem}.ipynb#{heading})" if lesson.status == "ready" else f"{words} (planned)"


def citation(source: tables.Source, lessons: list[Lesson], numbers: list[str]) -> str:
    """A source with its address, and where the course uses it."""
    links = ", ".join(f"[{lesson.number}]({lesson.stem}.ipynb#Sources)" for lesson in lessons)
    used = [f"lesson{'s' * (len(lessons) > 1)} {links}"] if lessons else []
    used += (
        [f"table{'s' * (len(numbers) > 1)} {', '.join(f'`{name}`' for name in numbers)}"] if numbers else []
    )
    return " ".join(filter(None, [plain(source.text), source.link, f"*In {' and '.join(used)}.*"]))


def plain(text: str) -> str:
    """Text whose signs mean nothing to Markdown."""
    return re.sub(r"([\\`*_<\[\]$~|])", r"\\\1", text)


def cited(root: Path) -> dict[str, list[Lesson]]:
    """For each source, the ready lessons that print it or show a diagram that rests on it."""
    found = defaultdict(list)
    for lesson in course.ready():
        page = Page(lesson, root)
        if lesson == LESSON or not page.path.is_file():
            continue
        for key in sorted(printed(page) | drawn(page)):
            found[key].append(lesson)
    return found


def printed(page: Page) -> set[str]:
    """The sources that a lesson lists: those its notebook names, and those of its bank."""
    keys = {str(key) for name, arguments in calls(page) if name == "sources" for key in arguments}
    bank = (*page.bank.questions, *page.bank.tasks) if page.lesson.objectives else ()
    return keys.union(*(entry.source for entry in bank))


def drawn(page: Page) -> set[str]:
    """The sources of the diagrams that a lesson shows."""
    names = {Path(target).stem for _, target in IMAGE.findall(page.markdown)} & set(figures.names())
    return set().union(*(figures.load(name).SOURCES for name in names))


def tabulated() -> dict[str, list[str]]:
    """For each source, the tables that hold a number or a fact from it."""
    found = defaultdict(list)
    for name in tables.tables():
        rows = tables.table(name)
        columns = [column for column in rows if column == "source" or column.endswith("_source")]
        for key in sorted({key for column in columns for key in rows[column].dropna()}):
            found[key].append(name)
    return found
