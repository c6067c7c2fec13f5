"""Begin a lesson: ``python -m tools.new_lesson NN_topic`` writes its notebook and its exercise folder.

The lesson must stand in ``immunolab/course.py`` with its objectives: the skeleton is made from them, one
segment each. What is still to be written is marked with a pencil, and the contract of ``tools/lessons.py``
fails as long as a pencil is left. Nothing that exists is overwritten.
"""

import sys
from datetime import date
from pathlib import Path
from string import Template

import jupytext

from immunolab import course
from immunolab.course import Lesson
from immunolab.learning import quiz
from tools.lessons import PENCIL
from tools.notebooks import normalise, text_of

TEMPLATE = Path(__file__).with_name("template")


def filled(name: str, **values: object) -> str:
    """A file of the template with its ``$names`` filled in."""
    return Template((TEMPLATE / name).read_text(encoding="utf8")).substitute(values)


def skeleton(lesson: Lesson) -> dict[Path, str]:
    """The files of a new lesson: path below the course's folder -> content."""
    ids = question_ids(lesson)
    topic = lesson.stem[3:]
    common = {
        "stem": lesson.stem,
        "number": lesson.number,
        "title": lesson.title,
        "minutes": lesson.minutes,
        "today": date.today(),
        "day": f"{date.today().day} {date.today():%B %Y}",
    }
    steps = zip(lesson.objectives, ids["predict"], ids["check"], strict=True)
    segments = [
        filled("segment.md", place=place, topic=topic, objective=objective, predict=predict, check=check)
        for place, (objective, predict, check) in enumerate(steps, 1)
    ]
    page = filled(
        "lesson.md",
        **common,
        objectives="\n".join(f"- **{name}** {text}" for name, text in lesson.objectives.items()),
        segments="\n\n".join(segments),
        key_points="\n".join(f"- {PENCIL} {text}" for text in lesson.objectives.values()),
    )
    exercise = Path("exercises", lesson.stem)
    return {
        Path("notebooks", f"{lesson.stem}.ipynb"): notebook(page),
        exercise / "quiz.yaml": bank(lesson, ids, common),
        exercise / "solution.ipynb": notebook(filled("solution.md", **common)),
        exercise / "teaching_notes.md": filled(
            "teaching_notes.md", **common, polls=" and ".join(ids["poll"])
        ),
    }


def notebook(markdown: str) -> str:
    """The file of a notebook that is written as Markdown."""
    return text_of(normalise(jupytext.reads(markdown, fmt="md")))


def question_ids(lesson: Lesson) -> dict[str, list[str]]:
    """The ids of the skeleton's questions, by use: a prediction and a check for each objective."""
    each = len(lesson.objectives)
    counts = {"pre": 2, "predict": each, "check": each, "exit": 3, "poll": 2}
    numbers = iter(range(1, sum(counts.values()) + 1))
    return {use: [f"{lesson.number}.Q{next(numbers)}" for _ in range(count)] for use, count in counts.items()}


def bank(lesson: Lesson, ids: dict[str, list[str]], common: dict[str, object]) -> str:
    """A question bank with every question that the skeleton asks."""
    objectives = list(lesson.objectives)
    questions = [
        filled(
            "question.yaml",
            id=name,
            objective=objectives[place % len(objectives)],
            kind="predict" if use == "predict" else "single",
            use=use,
            today=common["today"],
        )
        for use, names in ids.items()
        for place, name in enumerate(names)
    ]
    return filled(
        "quiz.yaml",
        **common,
        misconceptions=", ".join(lesson.misconceptions) or "none in course.py",
        objective=objectives[0],
        questions="".join(questions),
    )


def begin(stem: str, root: Path) -> list[Path]:
    """Write the skeleton of a lesson below ``root``. Raises ValueError if something stands in the way."""
    lesson = course.lesson(stem)
    if not 3 <= len(lesson.objectives) <= 5:
        raise ValueError(
            f"{lesson.stem} has {len(lesson.objectives)} objectives in immunolab/course.py. Write three to "
            "five first: the segments, the questions and the tests follow them."
        )
    files = {root / path: text for path, text in skeleton(lesson).items()}
    if there := [str(path.relative_to(root)) for path in files if path.exists()]:
        raise ValueError(f"{', '.join(there)}: there already, and not overwritten.")
    for path, text in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf8")
    return list(files)


def main() -> int:
    if len(sys.argv) != 2:
        print("Which lesson? python -m tools.new_lesson NN_topic", file=sys.stderr)
        return 2
    try:
        written = begin(sys.argv[1], quiz.home())
    except ValueError as error:
        print(error, file=sys.stderr)
        return 1
    print(*written, sep="\n")
    print(f"Write what is marked {PENCIL}, then run `make notebooks`.")
    print(f"`python -m tools.lessons {sys.argv[1]}` says what is missing.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
