"""Write the table of lessons into README.md from ``immunolab/course.py``. Part of ``make notebooks``."""

import re

from immunolab import course
from immunolab.learning import quiz

BEGIN, END = "<!-- lessons: made by `make notebooks` from immunolab/course.py -->", "<!-- end of lessons -->"


def table() -> str:
    """The lessons as a Markdown table; those that are ready are links."""
    rows = ["| | Lesson | The idea you leave with | Minutes |", "|---|---|---|---|"]
    for lesson in course.LESSONS:
        is_ready = lesson.status == "ready"
        title = (
            f"[{lesson.title}](notebooks/{lesson.stem}.ipynb)" if is_ready else f"{lesson.title} *(planned)*"
        )
        rows.append(f"| {lesson.number} | {title} | {lesson.idea} | {lesson.minutes or ''} |")
    return "\n".join(rows)


def with_table(text: str) -> str:
    """The README with a fresh table between its markers. Raises ValueError where they are missing."""
    between = re.compile(f"{re.escape(BEGIN)}.*{re.escape(END)}", re.DOTALL)
    if len(between.findall(text)) != 1:
        raise ValueError(f"README.md needs one table between {BEGIN!r} and {END!r}")
    return between.sub(lambda _: f"{BEGIN}\n{table()}\n{END}", text)


def refresh(write: bool = True) -> int:
    """Bring the table up to date, or only compare. Returns how many files changed or would: 0 or 1."""
    path = quiz.home() / "README.md"
    text = path.read_text(encoding="utf8")
    fresh = with_table(text)
    if fresh == text:
        return 0
    print("README.md: the table of lessons")
    if write:
        path.write_text(fresh, encoding="utf8")
    return 1


if __name__ == "__main__":
    refresh()
