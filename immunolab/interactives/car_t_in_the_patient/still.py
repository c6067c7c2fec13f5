"""What stands still in lesson 07: ``tocilizumab()``, how long the drug stays and how often severe CRS went after it."""

import numpy as np
import pandas as pd
from IPython.display import HTML
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from immunolab import tables
from immunolab.draw import palette, plots
from immunolab.draw.live import encode_png
from immunolab.interactives import lecture
from immunolab.models import pharmacokinetics, proportions
from immunolab.widgets.static import static_figure

DOSE_MG_PER_KG = 8
WEIGHT_KG = 75
STILL_THERE_MG_L = 1.0


def tocilizumab_course() -> pharmacokinetics.Course:
    """One infusion of 8 mg per kg in a patient of 75 kg, followed for four weeks."""
    once = pharmacokinetics.Regimen(
        dose_mg=DOSE_MG_PER_KG * WEIGHT_KG, interval_d=28, n_doses=1, infusion_d=1 / 24
    )
    return pharmacokinetics.simulate(
        tables.antibody("tocilizumab", study="Moes 2022"), once, times_d=np.linspace(0, 28, 337)
    )


def tocilizumab() -> HTML:
    """How long one infusion stays, and how often severe CRS went after it."""
    course, response = tocilizumab_course(), _with_intervals(tables.tocilizumab_response())
    large = lecture.on()
    with plots.plot_style(lecture.scale()):
        figure = Figure(figsize=(11, 4.6) if large else (9.2, 3.1), dpi=200)
        FigureCanvasAgg(figure)
        stays, went = figure.subplots(1, 2, width_ratios=(1.25, 1))
        figure.subplots_adjust(left=0.085, right=0.975, top=0.87, bottom=0.19, wspace=0.65 if large else 0.45)
        _draw_stay(stays, course)
        _draw_answers(went, response)
        figure.canvas.draw()
        png = encode_png(figure.canvas)
    answered = "; ".join(
        f"{study.product}: {study.successes} of {study.n}, exact interval {study.low:.0f} to {study.high:.0f} %"
        for study in response.itertuples()
    )
    caption = (
        f"Left, model: {DOSE_MG_PER_KG} mg per kg in a patient of {WEIGHT_KG} kg; from {course.conc_mg_L.max():.0f} mg/L the level falls below "
        f"{STILL_THERE_MG_L:g} mg/L after {course.days_until_below(STILL_THERE_MG_L):.1f} days. Its parameters come from patients with COVID-19. "
        f"Right, data: severe CRS that was gone within 14 days of at most two doses, with no other drug but steroids. {answered}. "
        "No group went without the drug, so nobody knows how many would have recovered alone."
    )
    alt = (
        "Two panels. Left, the concentration of tocilizumab on a logarithmic axis over 28 days after one infusion, falling ever faster. Right, dots with exact intervals "
        f"for the share of patients whose severe CRS went: {answered}."
    )
    return lecture.html(
        static_figure(
            png, alt=alt, caption=caption, tag="Model · Moes 2022 (left); Data · Le 2018 (right)", width=920
        )
    )


def _with_intervals(counted: pd.DataFrame) -> pd.DataFrame:
    """Counts with their exact 95 % intervals in percent."""
    low, high = proportions.clopper_pearson(counted.successes.to_numpy(int), counted.n.to_numpy(int))
    return counted.assign(low=100 * low, high=100 * high)


def _draw_stay(axes: Axes, course: pharmacokinetics.Course) -> None:
    """The level after one infusion, and the day when it is as good as gone."""
    last = course.days_until_below(STILL_THERE_MG_L)
    axes.plot(course.times_d, course.conc_mg_L, color=palette.ANTIBODY.line)
    axes.set(
        yscale="log",
        xlim=(0, 28),
        ylim=(0.1, 300),
        xlabel="days since one infusion",
        title="Tocilizumab in plasma (mg/L)",
    )
    axes.set_yticks([0.1, 1, 10, 100], ["0.1", "1", "10", "100"])
    axes.minorticks_off()
    axes.plot([0, last, last], [STILL_THERE_MG_L, STILL_THERE_MG_L, 0.1], color=palette.MUTED, linewidth=1.2)
    words = f"below {STILL_THERE_MG_L:g} mg/L after {last:.1f} days"
    axes.text(last - 0.5, 0.62, words, ha="right", va="center", fontsize=plots.small())


def _draw_answers(axes: Axes, response: pd.DataFrame) -> None:
    """A row for each product: the share of patients whose severe CRS went, with its interval."""
    colour = palette.ANTIBODY.line
    for row, study in zip(reversed(range(len(response))), response.itertuples(), strict=True):
        axes.plot([study.low, study.high], [row, row], color=colour)
        axes.plot(
            100 * study.successes / study.n, row, "o", color=colour, markersize=9, markeredgecolor="white"
        )
        words = f"{study.product}\n{study.successes} of {study.n}"
        axes.text(-3, row, words, ha="right", va="center", fontsize=plots.small())
    axes.set(
        xlim=(0, 100),
        ylim=(-0.6, len(response) - 0.4),
        yticks=[],
        xlabel="patients (%)",
        title="Severe CRS gone in 14 days",
    )
    axes.spines["left"].set_visible(False)
    axes.grid(axis="y", visible=False)
