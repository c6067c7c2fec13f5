"""The contract of a lesson: what its notebook and exercise folder must hold; ``faults`` says what is missing.

Rules for every notebook come first, then the anatomy of a lesson (which the start page and the glossary need
not have), then its exercise folder. A rule is a function that yields one sentence for each fault.
"""

import ast
import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from immunolab import course
from immunolab.course import Lesson
from immunolab.learning import quiz
from immunolab.saving import VIEW
from tools import figures
from tools.exercises import derive

MAX_BYTES = 600_000
CELLS = (30, 60)
WORDS = (1200, 2000)
WORDS_A_CELL = 250
CODE_LINES = 120
CODE_LINES_A_CELL = 15
ALT_CHARACTERS = 40
HOSTS = ("doi.org", "pubmed.ncbi.nlm.nih.gov", "creativecommons.org", "opensource.org")
PENCIL = "\N{LOWER RIGHT PENCIL}"  # marks what tools/new_lesson.py leaves to be written
RIGHT = "✓ Right."  # how a check begins its message, in immunolab/learning/tasks.py
GENERATED = "90"  # by tools/glossary.py, with all the addresses of sources.bib
WITHOUT_ANATOMY = ("00", GENERATED)
USES_ASKED = ("pre", "check", "exit", "predict")

IMAGE = re.compile(r"!\[([^\]]*)\]\(([^)\s]+)[^)]*\)")
PLANNED = re.compile(r"^\| *(\d+)[-\N{EN DASH}](\d+) *\|", re.MULTILINE)
HEADING = re.compile(r"^(#{1,6}) +(.+)$", re.MULTILINE)


@dataclass(frozen=True)
class Page:
    """A lesson as it lies in the folder ``root`` of a course."""

    lesson: Lesson
    root: Path

    @property
    def path(self) -> Path:
        return self.root / "notebooks" / f"{self.lesson.stem}.ipynb"

    @property
    def exercise_folder(self) -> Path:
        return self.root / "exercises" / self.lesson.stem

    @cached_property
    def notebook(self) -> NotebookNode:
        return nbformat.read(self.path, as_version=4)

    @cached_property
    def code(self) -> list[NotebookNode]:
        return [cell for cell in self.notebook.cells if cell.cell_type == "code"]

    @cached_property
    def markdown(self) -> str:
        """All Markdown of the notebook, fenced code left out."""
        cells = (cell.source for cell in self.notebook.cells if cell.cell_type == "markdown")
        return "\n\n".join(prose(source) for source in cells)

    @cached_property
    def bank(self) -> quiz.Bank:
        return quiz.load(self.exercise_folder / "quiz.yaml")


def faults(lesson: Lesson, root: Path) -> list[str]:
    """Every fault of a lesson of the course in the folder ``root``; an empty list if it is sound."""
    page = Page(lesson, root)
    if not page.path.is_file():
        return [f"there is no {page.path.relative_to(root)}"]
    rules = EVERY_NOTEBOOK
    if lesson.number not in WITHOUT_ANATOMY:
        has_bank = (page.exercise_folder / "quiz.yaml").is_file()
        rules += (has_exercise_files, *(ANATOMY + EXERCISE if has_bank else ()))
    return [fault for rule in rules for fault in rule(page)]


def prose(markdown: str) -> str:
    """Markdown without its fenced code."""
    return re.sub(r"^```.*?^```", "", markdown, flags=re.DOTALL | re.MULTILINE)


def words(markdown: str) -> int:
    """How many words a reader reads: no addresses, tags or rules of tables."""
    text = re.sub(r"<[^>]+>|\]\([^)]*\)", " ", IMAGE.sub(" ", prose(markdown)))
    return sum(any(map(str.isalnum, word)) for word in text.split())


def code_lines(cell: NotebookNode) -> int:
    """Lines of code that a reader sees: none of a hidden cell, no empty lines."""
    if cell.metadata.get("jupyter", {}).get("source_hidden"):
        return 0
    return sum(bool(line.strip()) for line in cell.source.splitlines())


def calls(page: Page) -> Iterator[tuple[str, list[object]]]:
    """Each function or method called in the notebook, by its last name, with its constant arguments."""
    for cell in page.code:
        for node in ast.walk(ast.parse(cell.source)):
            if isinstance(node, ast.Call):
                name = getattr(node.func, "attr", getattr(node.func, "id", ""))
                yield name, [argument.value for argument in node.args if isinstance(argument, ast.Constant)]


# Every notebook


def is_written(page: Page) -> Iterator[str]:
    for path in (page.path, *sorted(page.exercise_folder.glob("[!.]*.*"))):
        if count := path.read_text(encoding="utf8").count(PENCIL):
            yield f"{path.name} has {count} places marked {PENCIL}, still to be written"


def is_light(page: Page) -> Iterator[str]:
    size = page.path.stat().st_size
    if size >= MAX_BYTES:
        yield f"the saved notebook has {size / 1000:.0f} kB, more than {MAX_BYTES / 1000:.0f}"


def is_executed(page: Page) -> Iterator[str]:
    counts = [cell.execution_count for cell in page.code if cell.source.strip()]
    if counts != list(range(1, len(counts) + 1)):
        yield "it is not saved as executed from top to bottom: run `make notebooks`"
    for number, cell in enumerate(page.notebook.cells, 1):
        if not cell.source.strip():
            yield f"cell {number} is empty"


def has_clean_outputs(page: Page) -> Iterator[str]:
    for number, cell in enumerate(page.code, 1):
        for output in cell.outputs:
            if output.output_type == "error":
                yield f"code cell {number} ends in {output.ename}"
            if output.get("name") == "stderr":
                yield f"code cell {number} warns: {output.text.strip()[:120]}"
            if VIEW in output.get("data", {}):
                yield f"code cell {number} is saved with a widget that has no kernel"
    if "widgets" in page.notebook.metadata:
        yield "the state of widgets is saved"


def has_sound_headings(page: Page) -> Iterator[str]:
    levels = [(len(marks), title) for marks, title in HEADING.findall(page.markdown)]
    tops = [title for level, title in levels if level == 1]
    if len(tops) != 1:
        yield f"it needs one first-level heading and has {len(tops)}"
    elif page.lesson.title not in tops[0]:
        yield f"its heading {tops[0]!r} does not hold the title of course.py, {page.lesson.title!r}"
    above = 0
    for level, title in levels:
        if level > above + 1:
            yield f"heading {title!r} skips a level"
        above = level


def shows_its_images(page: Page) -> Iterator[str]:
    for alt, target in IMAGE.findall(page.markdown):
        if len(alt) < ALT_CHARACTERS:
            yield f"image {target}: its alt text, {alt!r}, does not say what is there"
        if ":" in target or target.startswith("/"):
            yield f"image {target} needs a relative link"
        elif not (page.path.parent / target).is_file():
            yield f"image {target} does not exist"
        elif (name := Path(target).stem) in figures.names() and alt != figures.load(name).ALT:
            yield f"image {target}: its alt text is not the one in figures/{name}.py"


def stays_at_home(page: Page) -> Iterator[str]:
    for cell in page.notebook.cells:
        for host in re.findall(r"https?://([^/\s\"')>]+)", cell.source):
            if host.removeprefix("www.") not in HOSTS and page.lesson.number != GENERATED:
                yield f"it links to {host}; lessons link to sources by DOI or PubMed, through sources.bib"
        for path in re.findall(r"(?<![\w.:/])/(?:home|root|Users|tmp|usr|work)/\S*|[A-Z]:\\\S+", cell.source):
            yield f"it names a path of one machine, {path}"


def links_to_what_exists(page: Page) -> Iterator[str]:
    for target in re.findall(r"(?<!!)\[[^\]]*\]\(([^)#\s]+)[^)]*\)", page.markdown):
        if ":" not in target and not (page.path.parent / target).exists():
            yield f"its link to {target} leads nowhere"


# The anatomy of a lesson


def has_head(page: Page) -> Iterator[str]:
    cells = page.notebook.cells
    before_code = next((n for n, cell in enumerate(cells) if cell.cell_type == "code"), len(cells))
    head = "\n".join(cell.source for cell in cells[:before_code])
    rows = [line for line in head.splitlines() if line.startswith("|")]
    table = " ".join(rows).casefold()
    for entry in ("minutes", "level", "before this", "last checked"):
        if entry not in table:
            yield f"the table at its head does not say {entry}"
    if not re.search(rf"\b{page.lesson.minutes}\b", table):
        yield f"the table at its head does not say {page.lesson.minutes} minutes, as course.py does"
    if not re.search(r"\b\d{1,2} [a-z]+ \d{4}\b", table):
        yield "the table at its head needs the date of the last check, as 23 November 2026"
    if "not medical advice" not in head:
        yield "its head does not say that it is not medical advice"


def states_its_objectives(page: Page) -> Iterator[str]:
    if not 3 <= len(page.lesson.objectives) <= 5:
        yield f"course.py gives it {len(page.lesson.objectives)} objectives; a lesson has three to five"
    text = plain(page.markdown)
    for name, objective in page.lesson.objectives.items():
        if name not in text or plain(objective) not in text:
            yield f"objective {name} is not stated in the words of course.py"


def plain(markdown: str) -> str:
    """Markdown as one line without marks, so that emphasis and subscripts do not matter in a comparison."""
    return " ".join(re.sub(r"<[^>]+>|[*_`$\\{}]", "", markdown).replace("\N{NO-BREAK SPACE}", " ").split())


def sets_up_once(page: Page) -> Iterator[str]:
    first = ast.parse(page.code[0].source).body if page.code else []
    imports = [node for node in first if isinstance(node, ast.ImportFrom | ast.Import)]
    rest = [ast.unparse(node) for node in first if node not in imports]
    if rest != [f"lesson = Lesson('{page.lesson.stem}')"]:
        yield f'the set-up cell holds imports and `lesson = Lesson("{page.lesson.stem}")`, nothing else'
    for node in imports:
        if not (isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "immunolab"):
            yield f"the set-up cell imports from immunolab only, not `{ast.unparse(node)}`"
    later = (node for cell in page.code[1:] for node in ast.walk(ast.parse(cell.source)))
    if any(isinstance(node, ast.ImportFrom | ast.Import) for node in later):
        yield "it imports after the set-up cell"


def keeps_its_length(page: Page) -> Iterator[str]:
    cells, total = len(page.notebook.cells), words(page.markdown)
    if not CELLS[0] <= cells <= CELLS[1]:
        yield f"it has {cells} cells; a lesson has {CELLS[0]} to {CELLS[1]}"
    if not WORDS[0] <= total <= WORDS[1]:
        yield f"it has {total} words of text; a lesson has {WORDS[0]} to {WORDS[1]}"
    for number, cell in enumerate(page.notebook.cells, 1):
        if cell.cell_type == "markdown" and words(cell.source) > WORDS_A_CELL:
            yield f"cell {number} has {words(cell.source)} words, more than {WORDS_A_CELL}"
        if cell.cell_type == "code" and code_lines(cell) > CODE_LINES_A_CELL:
            yield f"cell {number} has {code_lines(cell)} lines of code, more than {CODE_LINES_A_CELL}"
    lines = sum(code_lines(cell) for cell in page.code)
    if lines > CODE_LINES:
        yield f"it shows {lines} lines of code, more than {CODE_LINES}"


def has_its_parts(page: Page) -> Iterator[str]:
    called = {name for name, _ in calls(page)}
    for name in ("warm_up", "show_source", "exit", "glossary", "sources", "next"):
        if name not in called:
            yield f"it never calls {name}()"
    headings = " · ".join(title for _, title in HEADING.findall(page.markdown)).casefold()
    for title in ("warm-up", "under the bonnet", "key points", "sources"):
        if title not in headings:
            yield f"it has no heading {title!r}"


def asks_its_questions(page: Page) -> Iterator[str]:
    """Questions asked exist; every question of the bank for the lesson's page is asked there."""
    made = list(calls(page))
    written = {str(argument) for name, arguments in made if name == "ask" for argument in arguments}
    known = {question.id for question in page.bank.questions}
    for question_id in sorted(written - known):
        yield f"it asks {question_id}, which its bank does not hold"
    names = {name for name, _ in made}
    predicted = "".join(
        path.read_text(encoding="utf8") for path in page.root.glob("immunolab/interactives/**/*.py")
    )
    asked = written | {question.id for question in page.bank.questions if f'"{question.id}"' in predicted}
    asked |= {question.id for question in page.bank.for_use("pre") if "warm_up" in names}
    asked |= {question.id for question in page.bank.for_use("exit") if "exit" in names}
    for question in page.bank.questions:
        if set(question.use) & set(USES_ASKED) and question.id not in asked:
            yield f"question {question.id} ({', '.join(question.use)}) is asked nowhere"


# The exercise folder


def has_exercise_files(page: Page) -> Iterator[str]:
    for name in ("quiz.yaml", "solution.ipynb", "exercise.ipynb", "teaching_notes.md"):
        if not (page.exercise_folder / name).is_file():
            yield f"exercises/{page.lesson.stem}/{name} is missing"


def has_teaching_plan(page: Page) -> Iterator[str]:
    path = page.exercise_folder / "teaching_notes.md"
    notes = path.read_text(encoding="utf8") if path.is_file() else ""
    steps = [(int(start), int(end)) for start, end in PLANNED.findall(notes)]
    ends = [0, *(end for _, end in steps)]
    if [start for start, _ in steps] != ends[:-1] or ends[-1] != page.lesson.minutes:
        yield f"the plan in teaching_notes.md does not run without gaps to {page.lesson.minutes} minutes"
    if "skip" not in notes.casefold():
        yield "teaching_notes.md does not say what to skip"
    polls = [question.id for question in page.bank.for_use("poll")]
    if len(polls) < 2:
        yield f"its bank holds {len(polls)} polls; a lecturer gets two"
    for question_id in polls:
        if question_id not in notes:
            yield f"teaching_notes.md does not use poll {question_id}"
    if not re.search(r"\b35\b.*\b70 ?%", notes, re.DOTALL):
        yield "teaching_notes.md does not give the 35/70 % rule of the polls"


def has_derived_exercise(page: Page) -> Iterator[str]:
    paths = [page.exercise_folder / name for name in ("solution.ipynb", "exercise.ipynb")]
    if not all(path.is_file() for path in paths):
        return
    solution, exercise = (nbformat.read(path, as_version=4) for path in paths)
    due = [(cell.cell_type, cell.source) for cell in derive(solution).cells]
    if [(cell.cell_type, cell.source) for cell in exercise.cells] != due:
        yield "exercise.ipynb is not what solution.ipynb gives: run `make notebooks`"
    for task in page.bank.tasks:
        if not any(RIGHT in verdict for verdict in verdicts(solution, task.id)):
            yield f"solution.ipynb is not saved with a right answer to {task.id}"
        if not verdicts(exercise, task.id) or any(
            RIGHT in verdict for verdict in verdicts(exercise, task.id)
        ):
            yield f"exercise.ipynb is not saved with {task.id} still open"


def verdicts(notebook: NotebookNode, task_id: str) -> list[str]:
    """What the checks of a task said when the notebook was run."""
    outputs = (output for cell in notebook.cells for output in cell.get("outputs", []))
    said = (output.get("data", {}).get("text/plain", "") for output in outputs)
    return [text for text in said if text.startswith(f"{task_id} ")]


Rule = Callable[[Page], Iterator[str]]
EVERY_NOTEBOOK: tuple[Rule, ...] = (
    is_written,
    is_light,
    is_executed,
    has_clean_outputs,
    has_sound_headings,
    shows_its_images,
    stays_at_home,
    links_to_what_exists,
)
ANATOMY: tuple[Rule, ...] = (
    has_head,
    states_its_objectives,
    sets_up_once,
    keeps_its_length,
    has_its_parts,
    asks_its_questions,
)
EXERCISE: tuple[Rule, ...] = (has_teaching_plan, has_derived_exercise)


def main() -> int:
    """Print the faults of the lessons that are named, or of all that are ready; 1 if there are any."""
    lessons = [course.lesson(name) for name in sys.argv[1:]] or course.ready()
    found = [f"{lesson.stem}: {fault}" for lesson in lessons for fault in faults(lesson, quiz.home())]
    print("\n".join(found) or "The lessons keep their contract.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
