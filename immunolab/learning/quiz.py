"""Find and load the question banks: ``exercises/NN_topic/quiz.yaml``, in the shape of quiz.schema.json."""

import csv
import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from immunolab import course
from immunolab.learning import bankfile
from immunolab.learning.bankfile import BankError, Problem
from immunolab.learning.questions import (
    Bank,
    Item,
    NumericAnswer,
    Option,
    Question,
    Slip,
    Swap,
    Task,
    Verdict,
    judge,
    shuffle_key,
)

__all__ = [
    "Bank",
    "BankError",
    "Item",
    "Misconception",
    "NumericAnswer",
    "Option",
    "Problem",
    "Question",
    "Slip",
    "Swap",
    "Task",
    "Verdict",
    "banks",
    "home",
    "judge",
    "load",
    "misconceptions",
    "question",
    "task",
]

_LETTERS = "abcdefgh"
_PACKAGE = Path(__file__).resolve().parents[1]


@dataclass(frozen=True)
class Misconception:
    """A belief that a wrong option offers, and what is right.

    ``lesson`` holds the stems of the lessons that answer it. ``provenance`` says how the belief is known:
    documented (surveys, education papers), reviewed (seen in teaching materials), or expected (experience).
    """

    id: str
    belief: str
    correction: str
    lesson: tuple[str, ...]
    provenance: str


def home() -> Path:
    """The folder of the course: the repository that holds this package, or ``$IMMUNOLAB_HOME``.

    Raises FileNotFoundError that says what to do where there is no folder ``exercises`` in it.
    """
    named = os.environ.get("IMMUNOLAB_HOME")
    folder = Path(named).expanduser().resolve() if named else _PACKAGE.parent
    if (folder / "exercises").is_dir():
        return folder
    if named:
        raise FileNotFoundError(
            f"IMMUNOLAB_HOME is {named}, but there is no folder “exercises” in it. "
            "Set it to the folder that holds README.md, notebooks and exercises, or unset it."
        )
    raise FileNotFoundError(
        f"The folder “exercises” was not found beside the package, in {folder}. ImmunoLab runs from its "
        "repository: install it from there with “pip install -e .”, or set IMMUNOLAB_HOME to that folder."
    )


def load(bank: str | Path) -> Bank:
    """The bank of a lesson (by stem or number) or of a file (by `Path`).

    Raises `BankError` with every problem of the file, FileNotFoundError if there is no bank yet, and
    ValueError for an unknown lesson. A bank is read again when its file has changed.
    """
    path = bank if isinstance(bank, Path) else home() / "exercises" / course.lesson(bank).stem / "quiz.yaml"
    if not path.is_file():
        raise FileNotFoundError(f"There is no question bank at {path}.")
    state = path.stat()
    return _load(path.resolve(), state.st_mtime_ns, state.st_size)


def banks() -> tuple[Bank, ...]:
    """Every bank there is, in the order of the lessons."""
    exercises = home() / "exercises"
    paths = (exercises / lesson.stem / "quiz.yaml" for lesson in course.LESSONS)
    return tuple(load(path) for path in paths if path.is_file())


def built() -> tuple[Bank, ...]:
    """The banks of the lessons that are ready, in order: those a learner can meet."""
    ready = {lesson.stem for lesson in course.ready()}
    return tuple(bank for bank in banks() if bank.lesson in ready)


def question(question_id: str) -> Question:
    """The question with this id, such as ``02.Q3``, from the bank of its lesson."""
    return load(_lesson_of(question_id, "question")).question(question_id)


def task(task_id: str) -> Task:
    """The task with this id, such as ``02.E1``, from the bank of its lesson."""
    return load(_lesson_of(task_id, "task")).task(task_id)


@lru_cache(maxsize=1)
def misconceptions() -> Mapping[str, Misconception]:
    """The misconceptions that the course answers, by id."""
    with (_PACKAGE / "data" / "misconceptions.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return {row["id"]: Misconception(**{**row, "lesson": tuple(row["lesson"].split())}) for row in rows}


def _lesson_of(part_id: str, what: str) -> str:
    example = {"question": "02.Q3", "task": "02.E1"}[what]
    number, dot, _ = str(part_id).partition(".")
    if not dot or not number.isdigit():
        raise ValueError(f"{part_id!r} is no {what}: an id looks like “{example}”.")
    return course.lesson(number).stem


@lru_cache(maxsize=64)
def _load(path: Path, _modified_ns: int, _size: int) -> Bank:
    data, lines = bankfile.read(path)
    begin = {
        entry["id"]: lines.of((group, place))
        for group in ("questions", "tasks")
        for place, entry in enumerate(data.get(group, ()))
    }
    questions = tuple(_question(entry) for entry in data["questions"])
    tasks = tuple(_task(entry) for entry in data.get("tasks", ()))
    return Bank(data["lesson"], questions, tasks, path, begin)


def _question(entry: dict) -> Question:
    options = zip(_LETTERS, entry.get("options", ()), strict=False)
    parts = {
        "use": tuple(entry["use"]),
        "options": tuple(Option(**{"id": letter, "right": False, **option}) for letter, option in options),
        "items": _items(entry["id"], entry.get("items", ())),
        "answer": NumericAnswer(**entry["answer"]) if "answer" in entry else None,
        "slips": tuple(Slip(**slip) for slip in entry.get("slips", ())),
        "swaps": tuple(_swap(swap) for swap in entry.get("swaps", ())),
        "source": tuple(entry.get("source", ())),
    }
    return Question(**{**entry, **parts})


def _swap(entry: dict) -> Swap:
    first, second = sorted(entry["pair"])
    return Swap((first, second), entry["feedback"])


def _items(question_id: str, texts: list[str]) -> tuple[Item, ...]:
    """The items in their right order, with letters by the order shown, which is never the right one."""
    shown = sorted(range(len(texts)), key=lambda place: shuffle_key(question_id, str(place)))
    if shown == sorted(shown):
        shown = shown[1:] + shown[:1]
    return tuple(Item(_LETTERS[shown.index(place)], text) for place, text in enumerate(texts))


def _task(entry: dict) -> Task:
    parts = {
        "answer": NumericAnswer(**entry["answer"]),
        "hints": tuple(entry["hints"]),
        "slips": tuple(Slip(**slip) for slip in entry.get("slips", ())),
        "source": tuple(entry.get("source", ())),
    }
    return Task(**{**entry, **parts})
