"""A button that opens and closes what stands below it."""

from collections.abc import Sequence

import ipywidgets as ipw
import traitlets as t

from immunolab.widgets._base import CourseWidget, require_text, script, style


class Fold(CourseWidget):
    """A native button that says whether something is open. `fold` joins it to a box.

    Parameters
    ----------
    label : str
    open : bool
    """

    _esm = script("folding")
    _css = style("folding")

    label = t.Unicode().tag(sync=True)
    is_open = t.Bool(False).tag(sync=True)  # `open` is a method of every widget

    def __init__(self, label: str, open: bool = False):
        super().__init__(label=require_text("Fold", "label", label), is_open=open)


class FoldedBox(ipw.VBox):
    """A `Fold` (as ``.fold``) above the box it opens (as ``.body``)."""

    def __init__(self, fold: Fold, body: ipw.VBox):
        super().__init__([fold, body])
        self.fold, self.body = fold, body
        self.add_class("il-fold-box")
        body.add_class(
            "il-fold-body"
        )  # by this the button finds the box, and moves it without waiting for the kernel
        fold.observe(self._follow, "is_open")
        self._follow()

    def _follow(self, _change=None) -> None:
        self.body.layout.display = None if self.fold.is_open else "none"


def fold(label: str, children: Sequence[ipw.Widget], open: bool = False) -> FoldedBox:
    """Widgets behind a button: a box whose content is hidden until the learner opens it."""
    return FoldedBox(Fold(label, open), ipw.VBox(list(children)))
