"""What a notebook uses: ``lesson = Lesson("02_immune_checkpoints")``, then questions, checks, progress, sources."""

import html
import inspect
from collections.abc import Callable, Iterable

import ipywidgets as ipw
from IPython.display import HTML, Markdown

from immunolab import course, tables
from immunolab.interactives import lecture
from immunolab.interactives.page import mimebundle
from immunolab.interactives.progress_panel import ProgressPanel
from immunolab.interactives.questions import AskedQuestion, asked
from immunolab.learning import quiz, tasks


class Asked:
    """Several question cards, one below the other."""

    def __init__(self, questions: Iterable[AskedQuestion], introduction: str = ""):
        self.questions = list(questions)
        self.introduction = introduction

    def _repr_mimebundle_(self, **kwargs):
        words = f"<p>{html.escape(self.introduction)}</p>" if self.introduction else ""
        cards = [question.card for question in self.questions]
        note = ipw.HTML(words)
        lecture.dress(note)
        view = ipw.VBox([note, *cards], layout={"grid_gap": "16px"})
        plain = "\n".join(filter(None, [self.introduction, *(question.plain for question in self.questions)]))
        return mimebundle(view, plain, words + "".join(q.static() for q in self.questions), **kwargs)


class Lesson:
    """One lesson, as its notebook sees it. Raises ValueError for a stem the course does not have."""

    def __init__(self, stem: str):
        self.entry = course.lesson(stem)
        self.bank = quiz.load(self.entry.stem)

    def lecture(self, on: bool = True) -> HTML:
        """Enlarge type, lines and controls for a projector, in every cell that runs from now on."""
        lecture.switch(on)
        words = "Lecture mode is on. Run the cells below, or all of them." if on else "Lecture mode is off."
        return lecture.html(f"<p>{words}</p>")

    def ask(self, *question_ids: str) -> Asked:
        """Questions of the bank, by id."""
        return Asked(asked(question_id) for question_id in question_ids)

    def warm_up(self) -> Asked:
        """The lesson's prequestions, and two questions from the lessons before it that are built."""
        pre = [question.id for question in self.bank.for_use("pre")]
        spaced = self._spaced()
        words = "These are not scored. A guess now makes the answer stick later."
        if spaced:
            words += " The last two come from earlier lessons."
        return Asked((asked(question_id) for question_id in [*pre, *spaced]), words)

    def _spaced(self) -> list[str]:
        """One question of the lesson before, and one of the third before or, early in the course, the oldest.

        That of the oldest changes between its last two, so that no lesson repeats what the one before it asked.
        """
        before = [bank.for_use("spaced") for bank in quiz.built() if bank.lesson < self.entry.stem][-3:]
        return [before[-1][0].id, before[0][len(before) % 2 - 2].id] if before else []

    def exit(self) -> Asked:
        """The exit questions, asked with confidence."""
        return Asked(asked(question.id, confidence=True) for question in self.bank.for_use("exit"))

    def check(self, task_id: str, answer) -> tasks.TaskResult:
        """Check an exercise task. The message says what a wrong number tells; each attempt opens a hint."""
        return tasks.check(task_id, answer)

    def progress(self) -> ProgressPanel:
        """What has been met, and how to keep it."""
        return ProgressPanel(self.entry)

    def glossary(self, *terms: str) -> HTML:
        """The meaning of these terms, or of all terms of this lesson with the way to those of the others."""
        meanings = tables.glossary(self.entry.stem)
        unknown = set(terms) - set(meanings)
        if unknown:
            raise ValueError(f"No such term: {sorted(unknown)}. The terms are {sorted(meanings)}.")
        rows = "".join(
            f"<tr><th scope='row' style='text-align:left'>{html.escape(term)}</th>"
            f"<td style='text-align:left'>{html.escape(meanings[term])}</td></tr>"
            for term in terms or sorted(meanings, key=str.casefold)
        )
        table = f"<table><thead><tr><th style='text-align:left'>Term</th><th style='text-align:left'>Meaning</th></tr></thead>{rows}</table>"
        every = course.lesson("90")
        more = f"<p>The terms of all lessons: <a href='{every.stem}.ipynb'>{every.title}</a></p>"
        return lecture.html(table if terms else table + more)

    def sources(self, *keys: str) -> Markdown:
        """The sources of the text (``keys``), of the lesson's questions and of its tasks, with their DOIs."""
        used = set(keys)
        for entry in (*self.bank.questions, *self.bank.tasks):
            used.update(entry.source)
        listed = sorted((tables.source(key) for key in used), key=lambda source: source.text.casefold())
        return Markdown("\n".join(f"- {source.text} {source.link}" for source in listed))

    def next(self) -> Markdown:
        """Where to go from here: the next lesson that is built."""
        following = course.next_ready(self.entry.stem)
        if following is None:
            return Markdown(
                "This is the last lesson that is built so far. The start page shows what is planned."
            )
        return Markdown(f"Next: [{following.title}]({following.stem}.ipynb). {following.idea}")


def show_source(function: Callable) -> Markdown:
    """The tested code of a function or class, as the course runs it."""
    return Markdown(f"```python\n{inspect.getsource(function).rstrip()}\n```")
