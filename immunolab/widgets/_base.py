"""What every widget of the course shares: how its front end is put together, and its sign of life."""

import re
from functools import cache
from pathlib import Path

import anywidget
import traitlets as t

_HERE = Path(__file__).parent
# The front end of a widget reaches the browser as one text, so what it shares with the others is put in front of it.
# The files themselves stay ordinary modules, which editors and Node understand.
_IMPORT_OF_SHARED = re.compile(r'^import \{[^}]*\} from "\./shared\.js";\n', re.MULTILINE)
_EXPORT = re.compile(r"^export (?=function|const|class)", re.MULTILINE)


@cache
def script(name: str) -> str:
    """The JavaScript module of a widget, with the shared part inside."""
    shared, own = (_HERE / "shared.js").read_text("utf-8"), (_HERE / f"{name}.js").read_text("utf-8")
    return _EXPORT.sub("", shared) + "\n" + _IMPORT_OF_SHARED.sub("", own)


@cache
def style(name: str) -> str:
    """The style sheet of a widget, with the shared part inside."""
    return (_HERE / "shared.css").read_text("utf-8") + "\n" + (_HERE / f"{name}.css").read_text("utf-8")


class CourseWidget(anywidget.AnyWidget):
    """Base of the course's widgets.

    The browser asks now and then whether this object still exists ("il-ping") and says so on the page when it does
    not; ``disabled`` greys the widget out.
    """

    disabled = t.Bool(False).tag(sync=True)

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.on_msg(_answer_ping)


def _answer_ping(widget: CourseWidget, content: dict, _buffers: list) -> None:
    if content.get("kind") == "il-ping":
        widget.send({"kind": "il-pong", "count": content.get("count")})


class Checked(t.Any):
    """A trait whose owner checks every value, None as well (traitlets lets None pass its validators otherwise)."""

    allow_none = False


def require_text(owner: str, argument: str, text: object) -> str:
    """The text itself; ValueError if it is empty, since a control without a name cannot be found by ear."""
    if not isinstance(text, str) or not text.strip():
        raise ValueError(f"{owner}: {argument} is {text!r}; give the words that name it.")
    return text
