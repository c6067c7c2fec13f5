"""What stands in the benchmark's notebook: the same model and figure behind one slider, answered in different ways."""

import json
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from functools import wraps
from pathlib import Path

import ipywidgets as ipw
from IPython.display import display
from matplotlib_inline.backend_inline import set_matplotlib_formats

from immunolab.draw import live
from immunolab.draw.plots import plot_style
from immunolab.interactives import checkpoints
from immunolab.interactives.explorer import Explorer, Stage
from immunolab.learning import progress

CONTROL = "dose_mg"
ANSWER = "bench-answer"  # the class by which the page finds the text to watch


def dose(explorer: Explorer):
    return next(control for control in explorer.controls if control.name == CONTROL)


def start_afresh() -> None:
    """What one way of answering has computed must not help the next one."""
    checkpoints.treat.cache_clear()


def floor() -> ipw.Widget:
    """The shortest way there and back: the course's slider, and its number as text."""
    slider = dose(checkpoints.regimen()).widget()
    answer = ipw.Label(str(slider.value))
    answer.add_class(ANSWER)
    slider.observe(lambda change: setattr(answer, "value", str(change.new)), "value")
    return ipw.VBox([slider, answer])


def fresh() -> None:
    """``ipywidgets.interact`` with a new figure each time: size, artists and content are those of the live figure.

    It has no sentence and no text alternative to compute. Trimming the margins, which the notebook does to such
    figures unless told otherwise, is switched off: it draws everything twice and makes another size.
    """
    set_matplotlib_formats("png", bbox_inches=None)
    explorer = checkpoints.regimen()
    before = explorer.compute(**explorer.start)
    slide = dose(explorer)

    def show(dose_mg: float) -> None:
        plot = explorer.draw()
        with plot_style():
            plot.update(explorer.compute(**explorer.start | {CONTROL: dose_mg}), before)
            for artist in plot.figure.findobj(lambda each: each.get_animated()):
                artist.set_animated(False)  # drawn with the rest, as in any ordinary figure
            display(plot.figure)

    slider = ipw.IntSlider(slide.value, slide.low, slide.high, slide.step, description=slide.label)
    ipw.interact(show, **{CONTROL: slider})


def stage(explorer: Explorer, read_ahead: bool) -> Stage:
    """The course's explorer as a learner has it, with its prediction skipped."""
    progress.current().record_answer(explorer.prediction, None, False)
    made = Stage(explorer)
    if not read_ahead:
        made.ahead.restart = made.ahead.stop
    return made


def live_alone() -> Stage:
    """The live figure, by the round trip alone."""
    return stage(checkpoints.regimen(), read_ahead=False)


def live_ahead() -> Stage:
    """The live figure as it is shipped."""
    return stage(checkpoints.regimen(), read_ahead=True)


class Profile:
    """Adds up where the kernel spends a move; one record a move, with wall-clock times to join with the browser's."""

    def __init__(self):
        self.moves: list[dict[str, float]] = []
        self._spent: Counter[str] = Counter()

    def timed(self, part: str, function: Callable) -> Callable:
        @wraps(function)
        def wrapper(*args, **kwargs):
            begin = time.perf_counter()
            try:
                return function(*args, **kwargs)
            finally:
                self._spent[part] += time.perf_counter() - begin
                self._spent[f"{part} ended"] = time.time()

        return wrapper

    def whole(self, function: Callable) -> Callable:
        @wraps(function)
        def wrapper(*args):
            self._spent.clear()
            begin = time.time()
            function(*args)
            self.moves.append({"begun": begin, "ended": time.time(), **self._spent})

        return wrapper

    def save(self, path: str) -> None:
        Path(path).write_text(json.dumps(self.moves), encoding="utf8")


def profiled(profile: Profile) -> Stage:
    """The live figure by the round trip alone, with a clock at each step."""
    plain = checkpoints.regimen()
    explorer = replace(
        plain,
        compute=profile.timed("compute", plain.compute),
        sentence=profile.timed("sentence", plain.sentence),
    )
    made = stage(explorer, read_ahead=False)
    plot, figure = made.picture.plot, made.picture.figure
    plot.update = profile.timed("update", plot.update)
    plot.frame = profile.timed("frame", plot.frame)
    live.encode_png = profile.timed("encode", live.encode_png)
    figure.send_state = profile.timed("send", figure.send_state)
    made._moved = profile.whole(made._moved)
    return made
