"""What a lesson says: its prose without addresses, its questions, and the check that a sentence stands there."""

import json
import re

from immunolab.learning import quiz
from immunolab.learning.questions import Option


def prose_of(stem: str) -> str:
    """The Markdown of a lesson's notebook, without the addresses of its links."""
    notebook = json.loads((quiz.home() / "notebooks" / f"{stem}.ipynb").read_text(encoding="utf8"))
    cells = ("".join(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == "markdown")
    return re.sub(r"\(https?://[^)]*\)", "", "\n".join(cells))


def bank_of(stem: str) -> str:
    """The question bank of a lesson, as it is written."""
    return (quiz.home() / "exercises" / stem / "quiz.yaml").read_text(encoding="utf8")


def words(question_id: str) -> str:
    """A question with its options and feedback as one text."""
    question = quiz.question(question_id)
    return " ".join([question.stem, *(f"{option.text} {option.feedback}" for option in question.options)])


def right(question_id: str) -> Option:
    """The right option of a question."""
    return next(option for option in quiz.question(question_id).options if option.right)


def says(text: str, sentence: str) -> bool:
    """The text holds this sentence; otherwise the check below it would hold nothing."""
    assert sentence in " ".join(text.split()), sentence
    return True
