"""Progress on the page: what has been met, the code to copy out, the box to paste it back, and how to delete it."""

import base64
import html

import ipywidgets as ipw

from immunolab import course
from immunolab.interactives import lecture
from immunolab.interactives.page import mimebundle
from immunolab.learning import progress, quiz
from immunolab.widgets.static import details, paragraphs


class ProgressPanel:
    """Progress by objectives met, of one lesson or of all that are built.

    Nothing is written by showing it. Restoring adds to what is there and removes nothing; deleting asks twice.
    """

    def __init__(self, entry: course.Lesson | None = None):
        self.entry = entry
        self.record = progress.current()
        self.overview = ipw.HTML()
        wide = {"layout": ipw.Layout(width="99%"), "style": {"description_width": "8em"}}
        self.code = ipw.Text(description="Your code", **wide)
        self.paste = ipw.Text(description="Paste a code", **wide)
        self.message = ipw.HTML()
        self.export = ipw.HTML()
        self.restore_button = self._button("Restore from this code", self._restore)
        self.refresh_button = self._button("Refresh", lambda: self._refresh())
        self.delete_button = self._button("Delete my progress", self._ask_to_delete)
        self.confirm_button = self._button("Yes, delete it", self._delete)
        self.keep_button = self._button("No, keep it", self._keep)
        self._asking(False)
        self._refresh()
        if notice := self.record.notice():
            self.message.value = paragraphs(notice, "alert")
        self.view = ipw.VBox(
            [
                self.overview,
                ipw.HBox([self.refresh_button]),
                self.code,
                self.paste,
                ipw.HBox(
                    [self.restore_button, self.delete_button, self.confirm_button, self.keep_button],
                    layout={"flex_flow": "row wrap"},
                ),
                self.message,
                self.export,
            ]
        )
        self.view.add_class("il-explorer")  # the same type and buttons as around an interactive
        lecture.dress(self.view)

    @property
    def objectives(self) -> list[progress.ObjectiveState]:
        """The state of every objective of the lesson, or of the course."""
        banks = [bank for bank in quiz.built() if self.entry is None or bank.lesson == self.entry.stem]
        return list(self.record.objectives(banks))

    @property
    def plain(self) -> str:
        states = self.objectives
        return f"{sum(state.met for state in states)} of {len(states)} objectives met"

    def static(self) -> str:
        """The list of objectives with what is still open, as HTML."""
        rows = []
        for state in self.objectives:
            if state.met:
                word = "✓ met"
            elif state.question_right:
                word = (
                    f"question answered; still open in the exercise notebook: {', '.join(state.open_tasks)}"
                )
            else:
                word = "open"
            rows.append(f"<li><strong>{word}</strong> · {html.escape(state.text)}</li>")
        return f"<p>{self.plain}.</p><ul>{''.join(rows)}</ul>"

    @staticmethod
    def _button(words: str, action) -> ipw.Button:
        button = ipw.Button(description=words, layout=ipw.Layout(width="auto"))
        button.on_click(lambda _: action())
        return button

    def _refresh(self) -> None:
        self.overview.value = self.static()
        self.code.value = self.record.code()
        exported = base64.b64encode(self.record.export().encode()).decode()
        link = f'<a download="immunolab-progress.json" href="data:application/json;base64,{exported}">Download as a file</a>'
        self.export.value = details(
            "Where is this kept?",
            f"<p>In one small file on the computer that runs the notebook: <code>{html.escape(str(self.record.path))}</code>. "
            f"On Binder that computer vanishes with the session, so copy the code. {link}.</p>",
        )

    def _restore(self) -> None:
        if self._said(lambda: self.record.restore(self.paste.value)):
            self.message.value += paragraphs(
                f"Now {self.plain}. Run a question's cell again to see its answer."
            )

    def _said(self, action) -> bool:
        """Do it, say what came of it, and whether it was done."""
        try:
            words, kind = action(), "status"
        except progress.ProgressError as problem:
            words, kind = str(problem), "alert"
        self._refresh()
        self.message.value = paragraphs(words, kind)
        return kind == "status"

    def _ask_to_delete(self) -> None:
        self._asking(True)
        self.message.value = paragraphs(
            "This deletes your answers on this computer. Copy the code first if you may want them back.",
            "status",
        )

    def _asking(self, now: bool) -> None:
        for button in (self.confirm_button, self.keep_button):
            button.layout.display = "" if now else "none"

    def _keep(self) -> None:
        self._asking(False)
        self.message.value = paragraphs("Nothing was deleted.", "status")

    def _delete(self) -> None:
        self._asking(False)
        self._said(lambda: self.record.forget(sure=True))

    def _repr_mimebundle_(self, **kwargs):
        return mimebundle(self.view, self.plain, self.static(), **kwargs)
