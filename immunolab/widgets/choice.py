"""One of several options: native radio buttons, a native select, or a row of buttons (presets)."""

from collections.abc import Mapping, Sequence

import traitlets as t

from immunolab.widgets._base import Checked, CourseWidget, require_text, script, style

STYLES = ("radio", "select", "buttons")


class Choice(CourseWidget):
    """One option out of several.

    Parameters
    ----------
    label : str
        The question the options answer; the visible and spoken name of the group.
    options : mapping or sequence of pairs
        ``{id: text}`` or ``[(id, text), ...]``.
    value : str
        The id chosen at the start. Left out: the first option, or none for buttons.
    style : {"radio", "select", "buttons"}
        Radio buttons show every option; a select is for long lists; buttons are presets: each press counts (in the
        trait ``presses``), also a second press of the same one, and ``value=None`` marks none of them.
    disabled : bool

    Raises
    ------
    ValueError
        For an unknown style or id, or options without text; also when ``value`` is set later.
    """

    _esm = script("choice")
    _css = style("choice")

    label = t.Unicode().tag(sync=True)
    options = t.Tuple(read_only=True).tag(sync=True)
    value = Checked().tag(sync=True)
    presses = t.Int(0).tag(sync=True)
    look = t.Enum(STYLES, "radio").tag(sync=True)  # `style` is taken by ipywidgets
    group = t.Unicode(help="set by LiveFigure.follow").tag(sync=True)
    name = t.Unicode(help="set by LiveFigure.follow").tag(sync=True)
    target_group = t.Unicode(help="the group of the controls that a press sets").tag(sync=True)
    targets = t.Dict(help="for each option, where a press puts these controls: name to token").tag(sync=True)

    def __init__(
        self,
        label: str,
        options: Mapping[str, str] | Sequence[tuple[str, str]],
        value: str | None = None,
        *,
        style: str = "radio",
        disabled: bool = False,
    ):
        require_text("Choice", "label", label)
        if style not in STYLES:
            raise ValueError(f"{label}: style is {style!r}; give one of {', '.join(STYLES)}.")
        pairs = tuple(
            (key, text) for key, text in (options.items() if isinstance(options, Mapping) else options)
        )
        _check_options(label, pairs)
        self.set_trait("options", pairs)
        if value is None and style != "buttons":
            value = pairs[0][0]
        super().__init__(label=label, look=style, value=value, disabled=disabled)

    @property
    def text(self) -> str:
        """The chosen option as it is read; empty if there is none."""
        return dict(self.options).get(self.value, "")

    def sets(self, figure, states: Mapping[str, Mapping[str, object]]) -> None:
        """Let the browser know which state of the figure's controls a press of each option leads to.

        The kernel still sets the controls; this only lets a frame that was drawn ahead be shown at once.
        """
        self.target_group = figure.group
        self.targets = {option: figure.tokens(**state) for option, state in states.items()}

    def token(self, value: str | None = None) -> str:
        """A short exact name of a value (its place), for the keys of frames drawn ahead."""
        wanted = self.value if value is None else self._known(value)
        return str([key for key, _ in self.options].index(wanted))

    def _known(self, value: str | None) -> str | None:
        known = [key for key, _ in self.options]
        if value in known or (value is None and self.look == "buttons"):
            return value
        raise ValueError(f"{self.label or 'Choice'}: value is {value!r}; the options are {', '.join(known)}.")

    @t.validate("value")
    def _valid_value(self, proposal) -> str | None:
        return self._known(proposal["value"])


def _check_options(label: str, pairs: tuple[tuple[str, str], ...]) -> None:
    if not pairs:
        raise ValueError(f"{label}: options is empty.")
    for key, text in pairs:
        require_text(label, "the id of an option", key)
        require_text(label, f"the text of option {key!r}", text)
    if len({key for key, _ in pairs}) < len(pairs):
        raise ValueError(f"{label}: options names an id twice.")
