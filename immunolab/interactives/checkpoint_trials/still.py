"""What stands still in lesson 03: benefit beside harm, hazard ratios of death on one axis, end points."""

from collections.abc import Iterable

import pandas as pd
from IPython.display import HTML
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from immunolab import tables
from immunolab.draw import palette, plots
from immunolab.draw.live import encode_png
from immunolab.interactives import lecture
from immunolab.interactives.page import cite, facts
from immunolab.widgets.static import static_figure

ALIVE, HARM = palette.ANTIBODY, palette.PAYLOAD

# Of 100 people: the trial, what was treated, the month of the landmark, and the outcome that counts the harm.
LANDMARKS = (
    ("CheckMate 067", "advanced melanoma", 60, "severe side effects"),
    ("EORTC 18071", "melanoma, after surgery", 60, "stopped because of side effects"),
    ("KEYNOTE-183", "myeloma", 6, "serious side effects"),
)


def benefit_and_harm() -> HTML:
    """Of 100 people in each arm: harmed, to the left, and alive at a landmark, to the right."""
    arms = pd.concat([_landmark(*trial) for trial in LANDMARKS], ignore_index=True)
    figure, axes = _axes(height=0.5 * len(arms) + 1.1, left=0.36, right=0.985, top=0.5, bottom=0.6)
    with plots.plot_style():
        for row, arm in zip(range(len(arms))[::-1], arms.itertuples(), strict=True):
            _bar(axes, row, arm.alive, ALIVE, f"{arm.alive:g} {arm.when}")
            _bar(axes, row, -arm.harmed, HARM, f"{arm.harmed:g} {arm.harm.split()[0]}")
            name = f"{arm.trial} · {arm.disease}\n{_short(arm.arm)} (n = {arm.n:.0f})"
            axes.text(-0.01, row, name, transform=axes.get_yaxis_transform(), ha="right", va="center")
        axes.axvline(0, color=palette.INK, linewidth=1.4, zorder=4)
        axes.set(yticks=[], xlim=(-100, 130), ylim=(-0.6, len(arms) - 0.4), xlabel="of 100 people")
        ticks = range(-100, 101, 25)
        axes.set_xticks(ticks, [str(abs(tick)) for tick in ticks])
        axes.spines["left"].set_visible(False)
        for place, words, colour in ((0.25, "harmed", HARM), (0.75, "alive", ALIVE)):
            style = {"ha": "center", "color": colour.edge, "weight": "semibold"}
            axes.text(place, 1.02, words, transform=axes.transAxes, **style)
        png = _png(figure)
    each = "; ".join(
        f"{arm.trial}, {arm.arm}: of 100 people {arm.harmed:g} {arm.harm}, {arm.alive:g} alive {arm.when}"
        for arm in arms.itertuples()
    )
    caption = (
        "Harm is not counted alike: severe side effects are of grade 3 or 4, serious ones mean a stay in hospital or worse, and stopped "
        "is who ended the treatment because of side effects, all among those treated. So compare the arms of one trial."
    )
    alt = f"Bars to both sides of a line, one row an arm. {each}."
    return _shown(png, alt, caption, sources=" ".join(arms.sources).split())


def _landmark(trial: str, disease: str, month: int, harm: str) -> pd.DataFrame:
    """The arms of a trial with a share alive at a month and a share harmed."""
    alive = tables.trial_outcomes(trial, "alive")
    alive = alive[alive.time_months == month].set_index("arm")
    harmed = tables.trial_outcomes(trial, harm).set_index("arm")
    when = f"at {month // 12} years" if month >= 12 else f"at {month} months"
    same = {"trial": trial, "disease": disease, "harm": harm, "when": when}
    each = {
        "alive": alive.value,
        "n": alive.n,
        "harmed": harmed.value,
        "sources": alive.source + " " + harmed.source,
    }
    return pd.DataFrame(each).assign(**same).reset_index(names="arm")


def _bar(axes: Axes, row: float, length: float, colour: palette.Colour, words: str) -> None:
    """A bar to the right or, for a length below 0, to the left, with its words beyond the end."""
    axes.barh(row, length, height=0.6, color=colour.tint, edgecolor=colour.edge, linewidth=1.2, zorder=3)
    side, ha = (2, "left") if length > 0 else (-2, "right")
    plots.halo(axes.text(length + side, row, words, ha=ha, va="center", fontsize=plots.small(), zorder=5))


def _short(arm: str) -> str:
    return arm.replace("pomalidomide and dexamethasone", "two drugs").replace(
        "pembrolizumab, two", "pembrolizumab and two"
    )


# Ratios on one axis


def ratios_of_death() -> HTML:
    """The comparisons in melanoma whose curves ship with the course, and KEYNOTE-183: hazard ratios as printed."""
    shown = _ratios()
    figure, axes = _axes(height=0.46 * len(shown) + 0.75, left=0.43, right=0.86, top=0.05, bottom=0.62)
    with plots.plot_style():
        plots.forest(
            axes,
            labels=[f"{row.name}\n{_short(row.treatment)} against {_short(row.control)}" for row in shown.itertuples(index=False)],
            estimate=shown.ratio, low=shown.low, high=shown.high,
            colours=[ALIVE.line if high < 1 else palette.CONTROL.edge for high in shown.high],
            notes=[f"n = {people}" for people in shown.people],
        )  # fmt: skip
        axes.set_xlim(0.38, 3.2)
        axes.set_xticks([0.5, 0.7, 1, 1.5, 2, 3], ["0.5", "0.7", "1", "1.5", "2", "3"])
        axes.minorticks_off()
        axes.set_xlabel("hazard ratio of death   (← fewer deaths with the first · more →)")
        png = _png(figure)
    undecided = shown[shown.high >= 1]
    caption = (
        f"In {len(shown) - len(undecided)} of {len(shown)} comparisons the whole interval lies below 1. In "
        f"{' and '.join(undecided.name)} it includes 1, and the ratio lies above. These are trials of this lesson and no survey; patients "
        "and controls differ, so the rows are not a ranking."
    )
    alt = "Forest plot, one row a comparison: " + "; ".join(
        f"{row.name}, {row.treatment} against {row.control}: {row.ratio:g} ({row.low:g} to {row.high:g}), {row.people} people"
        for row in shown.itertuples(index=False)
    )
    return _shown(png, alt, caption, sources=shown.source)


def _ratios() -> pd.DataFrame:
    rows = [
        (
            c.name,
            c.treatment,
            c.control,
            c.hazard_ratio,
            c.ci_low,
            c.ci_high,
            c.n_treatment + c.n_control,
            c.source,
        )
        for c in map(tables.comparison, tables.comparisons("melanoma"))
    ]
    ratio = tables.trial_outcomes("KEYNOTE-183", "hazard ratio of death").iloc[0]
    arms = tables.trial_outcomes("KEYNOTE-183", "alive")
    rows.append(
        (
            "KEYNOTE-183 (myeloma)",
            *arms.arm,
            ratio.value,
            ratio.low,
            ratio.high,
            int(arms.n.sum()),
            ratio.source,
        )
    )
    columns = ["name", "treatment", "control", "ratio", "low", "high", "people", "source"]
    return pd.DataFrame(rows, columns=columns).sort_values("ratio", kind="stable")


# What was counted


def end_points() -> HTML:
    """End points: what each counts, shows and misses."""
    rows = tables.end_points()
    rows["end_point"] += " (" + rows["short"] + ")"
    return facts(
        "<strong>Data</strong> · end points of trials. The first is length of life itself; the others stand in for it or look at a part.",
        rows,
        {
            "end_point": "End point",
            "counts": "What is counted",
            "shows": "What it shows",
            "misses": "What it can miss",
            "example": "For example",
        },
        cited="example",
    )


# A still picture


def _axes(height: float, left: float, right: float, top: float, bottom: float) -> tuple[Figure, Axes]:
    """One pair of axes in a figure as wide as the page; the margins left and right are shares, top and bottom inches."""
    with plots.plot_style():
        figure = Figure(figsize=(9.2, height), dpi=200)
        FigureCanvasAgg(figure)
        axes = figure.subplots()
    figure.subplots_adjust(left=left, right=right, top=1 - top / height, bottom=bottom / height)
    return figure, axes


def _png(figure: Figure) -> bytes:
    figure.canvas.draw()
    return encode_png(figure.canvas)


def _shown(png: bytes, alt: str, caption: str, sources: Iterable[str]) -> HTML:
    tag = f"Data · as reported: {', '.join(map(cite, dict.fromkeys(sources)))}"
    return lecture.html(static_figure(png, alt=alt, caption=caption, tag=tag, width=920))
