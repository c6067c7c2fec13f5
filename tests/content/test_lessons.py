"""Every lesson that is ready keeps the contract of tools/lessons.py, and each rule of it can fail.

A generated lesson is tested too: it runs, and keeps every rule but those about what is still to be written.
"""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbformat import v4

from immunolab import course
from immunolab.saving import VIEW
from tools import new_lesson
from tools.lessons import code_lines, faults, words

ROOT = Path(__file__).resolve().parents[2]
LESSON = course.lesson("02")


@pytest.mark.parametrize("lesson", course.ready(), ids=lambda lesson: lesson.stem)
def test_lesson_keeps_the_contract(lesson):
    assert faults(lesson, ROOT) == []


def test_every_notebook_belongs_to_a_lesson_that_is_ready():
    stems = {path.stem for path in (ROOT / "notebooks").glob("*.ipynb")}
    assert stems == {lesson.stem for lesson in course.ready()}


# The rules can fail: a copy of lesson 02 is spoilt, one way at a time


@pytest.fixture
def copy(tmp_path):
    """A course that holds lesson 02 alone."""
    for folder in ("figures", "exercises"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    shutil.copytree(ROOT / "immunolab" / "interactives", tmp_path / "immunolab" / "interactives")
    (tmp_path / "notebooks").mkdir()
    for lesson in course.ready():
        shutil.copy(ROOT / "notebooks" / f"{lesson.stem}.ipynb", tmp_path / "notebooks")
    return tmp_path


def first_code(notebook):
    return next(cell for cell in notebook.cells if cell.cell_type == "code")


def add(notebook, *cells):
    """Cells at the end, executed like those before them."""
    for cell in cells:
        if cell.cell_type == "code":
            cell.execution_count = 1 + max(each.get("execution_count") or 0 for each in notebook.cells)
        notebook.cells.append(cell)


def write(markdown):
    return lambda notebook: add(notebook, v4.new_markdown_cell(markdown))


def run(source, **output):
    outputs = [v4.new_output(**output)] if output else []
    return lambda notebook: add(notebook, v4.new_code_cell(source, outputs=outputs))


def replace(old, new):
    def change(notebook):
        sources = [cell.source for cell in notebook.cells]
        assert any(re.search(old, source) for source in sources), f"the lesson holds no {old!r}"
        for cell in notebook.cells:
            cell.source = re.sub(old, new, cell.source)

    return change


def not_executed(notebook):
    first_code(notebook).execution_count = None


def without_half(notebook):
    notebook.cells = notebook.cells[:20]


SPOILT = [
    (write("# Another title"), "one first-level heading"),
    (replace("^# .*", "# Something else"), "does not hold the title"),
    (write("#### Too deep"), "skips a level"),
    (write("![A cell](../figures/checkpoint_synapse.svg)"), "does not say what is there"),
    (write(f"![{'A cell. ' * 9}](../figures/none.svg)"), "none.svg does not exist"),
    (write(f"![{'A cell. ' * 9}](https://doi.org/a.svg)"), "relative link"),
    (write("[a page](none.ipynb)"), "leads nowhere"),
    (write("[a page](https://example.org/page)"), "links to example.org"),
    (write("Open /" + "home/me/notebooks"), "path of one machine"),
    (write("\N{LOWER RIGHT PENCIL} Write this."), "still to be written"),
    (write("word " * 251), "251 words"),
    (write(("word " * 200 + "\n\n") * 11), "words of text"),
    (write(""), "is empty"),
    (run("\n".join(f"a{n} = {n}" for n in range(16))), "16 lines of code"),
    (
        lambda notebook: [run("\n".join(["a = 1"] * 15))(notebook) for _ in range(8)],
        "lines of code, more than 120",
    ),
    (run("import os"), "imports after the set-up cell"),
    (replace("lesson = Lesson", "import os\nlesson = Lesson"), "imports from immunolab only"),
    (replace("lesson = Lesson", "print(1)\nlesson = Lesson"), "the set-up cell holds imports"),
    (run('lesson.ask("02.Q99")'), "asks 02.Q99"),
    (replace(r"lesson\.exit\(\)", "1"), "never calls exit"),
    (replace(r"lesson\.warm_up\(\)", "1"), "(pre) is asked nowhere"),
    (replace(r"02\.O2\b", "02.O9"), "objective 02.O2 is not stated"),
    (replace("(?i)not medical advice", "advice"), "not medical advice"),
    (replace(r"\| 50 \|", "| 45 |"), "does not say 50 minutes"),
    (replace("(?i)key points", "Points"), "no heading 'key points'"),
    (run("1", output_type="error", ename="KeyError", evalue="", traceback=[]), "ends in KeyError"),
    (run("1", output_type="stream", name="stderr", text="careful"), "warns: careful"),
    (run("1", output_type="display_data", data={VIEW: {}}), "a widget that has no kernel"),
    (run("1", output_type="display_data", data={"text/html": "x" * 700_000}), "more than 600"),
    (not_executed, "not saved as executed"),
    (without_half, "20 cells"),
]


@pytest.mark.parametrize(("spoil", "fault"), SPOILT, ids=[fault for _, fault in SPOILT])
def test_a_spoilt_lesson_is_found(copy, spoil, fault):
    path = copy / "notebooks" / f"{LESSON.stem}.ipynb"
    before = faults(LESSON, copy)
    notebook = nbformat.read(path, as_version=4)
    spoil(notebook)
    nbformat.write(notebook, path)
    new = [found for found in faults(LESSON, copy) if found not in before]
    assert any(fault in found for found in new), new


@pytest.mark.parametrize("name", ["quiz.yaml", "solution.ipynb", "exercise.ipynb", "teaching_notes.md"])
def test_an_exercise_folder_is_complete(copy, name):
    moved = copy / "exercises" / LESSON.stem / name
    moved.rename(moved.with_suffix(".away"))
    assert f"exercises/{LESSON.stem}/{name} is missing" in faults(LESSON, copy)


def test_an_exercise_that_was_edited_by_hand_is_found(copy):
    path = copy / "exercises" / LESSON.stem / "exercise.ipynb"
    notebook = nbformat.read(path, as_version=4)
    notebook.cells[1].source += " By hand."
    nbformat.write(notebook, path)
    assert "exercise.ipynb is not what solution.ipynb gives: run `make notebooks`" in faults(LESSON, copy)


def test_a_plan_with_a_gap_is_found(copy):
    path = copy / "exercises" / LESSON.stem / "teaching_notes.md"
    path.write_text(path.read_text(encoding="utf8").replace("| 0-", "| 1-"), encoding="utf8")
    assert any("does not run without gaps to 50 minutes" in fault for fault in faults(LESSON, copy))


def test_words_are_those_a_reader_reads():
    text = (
        "A **T cell** ([Hui 2017](https://doi.org/10.1/x)): 3 µm².\n\n| a | b |\n|---|---|\n\n```\ncode\n```"
    )
    assert words(text) == len(["A", "T", "cell", "Hui", "2017", "3", "µm²", "a", "b"])


def test_hidden_code_does_not_count():
    cell = v4.new_code_cell("a = 1\n\nb = 2")
    assert code_lines(cell) == 2
    cell.metadata["jupyter"] = {"source_hidden": True}
    assert code_lines(cell) == 0


# A new lesson

TRIAL = """LESSONS = (
    Lesson(
        "91_trial", "Trial", "An idea.", 50, "ready",
        {"91.O1": "Say one thing.", "91.O2": "Say two things.", "91.O3": "Say three things."},
    ),"""


@pytest.fixture
def another_course(tmp_path):
    """A copy of the package as a course of its own, with a lesson 91 on its list."""
    shutil.copytree(ROOT / "immunolab", tmp_path / "immunolab", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "README.md", tmp_path)
    (tmp_path / "exercises").mkdir()
    listed = tmp_path / "immunolab" / "course.py"
    listed.write_text(listed.read_text(encoding="utf8").replace("LESSONS = (", TRIAL, 1), encoding="utf8")
    with (tmp_path / "immunolab" / "data" / "glossary.csv").open("a", encoding="utf8") as file:
        file.write("trial,A test of a treatment.,91_trial\n")
    return tmp_path


def tool(folder, name, *arguments):
    """What a tool of the project prints for the course in another folder."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(folder), str(ROOT)])}
    environment.pop("IMMUNOLAB_HOME", None)
    command = [sys.executable, "-m", f"tools.{name}", *arguments]
    result = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=300)
    assert result.stdout, result.stderr  # a kernel that ends may write a harmless line to the error stream
    return result.stdout


def test_a_new_lesson_runs_and_lacks_only_what_must_be_written(another_course):
    assert "notebooks/91_trial.ipynb" in tool(another_course, "new_lesson", "91_trial")
    assert "3 notebooks run" in tool(another_course, "notebooks")
    found = tool(another_course, "lessons", "91").splitlines()
    to_write = [fault for fault in found if "still to be written" in fault]
    assert len(to_write) == 5  # the notebook and the four files of its exercise
    [other] = [fault for fault in found if fault not in to_write]
    assert re.fullmatch(r"91_trial: it has \d+ words of text; a lesson has 1200 to 2000", other)


def test_a_new_lesson_overwrites_nothing(tmp_path):
    written = new_lesson.begin(LESSON.stem, tmp_path)
    before = [path.read_bytes() for path in written]
    with pytest.raises(ValueError, match="there already, and not overwritten"):
        new_lesson.begin(LESSON.stem, tmp_path)
    assert [path.read_bytes() for path in written] == before


@pytest.mark.parametrize(
    ("stem", "message"), [("00_start_here", "three to five"), ("03_foo", "No lesson '03_foo'")]
)
def test_a_lesson_without_a_plan_is_refused(tmp_path, stem, message):
    with pytest.raises(ValueError, match=message):
        new_lesson.begin(stem, tmp_path)
    assert not list(tmp_path.iterdir())
