"""What a lesson says: its prose without addresses, and the check that a sentence stands there."""

import json
import re

from immunolab.learning import quiz


def prose_of(stem: str) -> str:
    """The Markdown of a lesson's notebook, without the addresses of its links."""
    notebook = json.loads((quiz.home() / "notebooks" / f"{stem}.ipynb").read_text(encoding="utf8"))
    cells = ("".join(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == "markdown")
    return re.sub(r"\(https?://[^)]*\)", "", "\n".join(cells))


def says(text: str, sentence: str) -> bool:
    """The text holds this sentence; otherwise the check below it would hold nothing."""
    assert sentence in " ".join(text.split()), sentence
    return True
