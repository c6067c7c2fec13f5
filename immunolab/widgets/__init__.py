"""The few controls that ipywidgets cannot do by keyboard and screen reader, as small anywidgets.

Each is a ``.py`` that holds its state and a ``.js`` that shows it; ``shared.js`` and ``shared.css`` are common to all.
``static`` makes the HTML that stands in for them where no kernel runs, and needs no widget library.
"""

from importlib import import_module

# Loaded on first use: the widget libraries take a third of a second, and `static` does without them.
_HOMES = {
    "Choice": "choice",
    "Fold": "folding",
    "LiveFigure": "live_figure",
    "QuestionCard": "question_card",
    "Slider": "slider",
    "fold": "folding",
}
__all__ = ["Choice", "Fold", "LiveFigure", "QuestionCard", "Slider", "fold"]


def __getattr__(name: str):
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
