"""What every interactive does on the page: a live picture with its words, and a static companion of itself."""

import html
import re
from collections.abc import Iterable, Mapping, Sequence

from IPython.display import HTML

from immunolab import tables
from immunolab.draw.live import LivePlot
from immunolab.interactives import lecture
from immunolab.widgets import LiveFigure
from immunolab.widgets.static import static_figure


def mimebundle(widget, plain: str, html: str, **kwargs) -> tuple[dict, dict]:
    """A widget's output with its static companion, which is what GitHub, a printout and a saved copy show."""
    bundle = widget._repr_mimebundle_(**kwargs)
    data, metadata = bundle if isinstance(bundle, tuple) else (bundle, {})
    return data | {"text/plain": plain, "text/html": html}, metadata


def table(caption: str, heads: Sequence[str], rows: Iterable[Sequence[str]]) -> HTML:
    """A table of a lesson. Everything is HTML; the first cell of each row is its head."""
    left = "style='text-align:left'"
    head = "".join(f"<th scope='col' {left}>{name}</th>" for name in heads)
    body = "".join(
        f"<tr><th scope='row' {left}>{first}</th>"
        + "".join(f"<td {left}>{cell}</td>" for cell in rest)
        + "</tr>"
        for first, *rest in rows
    )
    return lecture.html(
        f"<table class='il-table'><caption {left}>{caption}</caption>"
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    )


def facts(caption: str, rows, heads: Mapping[str, str], cited: str) -> HTML:
    """A table of the course as it stands: ``heads`` maps columns of the DataFrame ``rows`` to what is read above them.

    Behind the cells of the column ``cited`` stands the source of their row.
    """

    def cells(row: dict) -> list[str]:
        source = {cited: f" <small>({html.escape(cite(row['source']))})</small>"}
        return [html.escape(str(row[column])) + source.get(column, "") for column in heads]

    shown = rows[[*heads, "source"]].fillna("")
    return table(caption, list(heads.values()), map(cells, shown.to_dict("records")))


def cite(key: str) -> str:
    """A source within a sentence: ``Chen and Mellman 2013``, ``Keytruda label``."""
    if key.endswith("Label"):
        return f"{key.removesuffix('Label')} label"
    authors, _, _ = tables.source(key).text.partition(". ")
    return f"{authors} {re.search('[0-9]{4}', key)[0]}"


class Picture:
    """A plot that is kept alive, shown in the browser with its tag, its alt text and its sentence."""

    def __init__(self, plot: LivePlot, alt: str):
        self.plot = plot
        self._understudy: LivePlot | None = None
        self.alt = alt
        self.sentence = ""
        self.figure = LiveFigure(width=plot.width, height=plot.height)
        self.figure.observe(self._ratio, "ratio")

    def show(self, tag: str, sentence: str, result, previous=None, prediction=None) -> None:
        """Draw a result and send picture and words together, in one message."""
        self.sentence = sentence
        self.plot.update(result, previous, prediction)
        with self.figure.hold_sync():
            self.figure.tag = tag
            self.figure.show(self.plot.frame(), sentence, self._alt(sentence))

    def ahead(self, sentence: str, result, previous=None, prediction=None) -> tuple[bytes, str, str]:
        """Frame, sentence and alt text of another result, without touching what is shown.

        A second plot draws it, so that axes that would change there stay as they are here.
        """
        if self._understudy is None:
            self._understudy = type(self.plot)(self.plot.scale)
            self._understudy.set_ratio(self.figure.ratio)
            self._understudy.share_stills(self.plot)
        self._understudy.update(result, previous, prediction)
        return self._understudy.frame(), sentence, self._alt(sentence)

    def _alt(self, sentence: str) -> str:
        return f"{self.alt} {sentence}"

    def _ratio(self, change) -> None:
        self.plot.set_ratio(change.new)
        self._understudy = None
        self.figure.frame = self.plot.frame()

    def static(self) -> str:
        """The picture as it stands now, as HTML that needs no kernel."""
        return static_figure(
            self.figure.frame,
            alt=self.figure.alt,
            caption=self.sentence,
            tag=self.figure.tag,
            width=self.plot.width,
        )
