"""What stands still in lesson 05: an engager gone in hours beside one that stays for weeks, tables of drugs, trials."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pandas as pd
from IPython.display import HTML
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from immunolab import tables
from immunolab.draw import palette, plots
from immunolab.draw.live import encode_png
from immunolab.interactives import lecture
from immunolab.interactives.page import table
from immunolab.models import injection, pharmacokinetics, proportions
from immunolab.widgets.static import static_figure

# Hours and weeks


@dataclass(frozen=True)
class Pace:
    """Two engagers in a typical patient: blinatumomab in pg/mL over hours, teclistamab in mg/L over days."""

    hours: np.ndarray
    pump_pg_mL: np.ndarray
    plateau_pg_mL: float
    days: np.ndarray
    injected_mg_L: np.ndarray
    doses_d: np.ndarray


PUMP_STOPS_H = 48


@lru_cache(maxsize=1)
def pace() -> Pace:
    """Blinatumomab, 28 µg a day from a pump that is stopped; teclistamab in steps and then once a week, as the label prints."""
    patient = tables.antibody("blinatumomab")
    daily = tables.step_up("blinatumomab").amount.max() / 1000
    pumped = pharmacokinetics.Regimen(
        dose_mg=daily * PUMP_STOPS_H / 24, interval_d=4, infusion_d=PUMP_STOPS_H / 24
    )
    hours = np.linspace(0, 72, 289)
    course = pharmacokinetics.simulate(patient, pumped, times_d=hours / 24)

    steps = tables.step_up("teclistamab")
    starts = [
        *(steps.day - steps.day.iloc[0]),
        *(steps.day.iloc[-1] - steps.day.iloc[0] + 7 * np.arange(1, 8)),
    ]
    doses = [*steps.amount, *[steps.amount.iloc[-1]] * 7]
    weekly = pharmacokinetics.Regimen(dose_mg_per_kg=doses, times_d=starts, interval_d=7)
    days = np.linspace(0, 56, 337)
    injected = injection.inject(*tables.injected("teclistamab"), weekly, times_d=days)
    return Pace(
        hours=hours,
        pump_pg_mL=course.conc_mg_L * 1e6,
        plateau_pg_mL=daily / patient.cl_L_d * 1e6,
        days=days,
        injected_mg_L=injected.conc_mg_L,
        doses_d=np.array(starts),
    )


def hours_and_weeks() -> HTML:
    """A picture: an engager that is gone in hours beside one that stays for weeks."""
    run = pace()
    alt = "Two charts. Left, blinatumomab: within hours of the start of a pump the level is flat, and within hours of its end nothing is " \
          "left. Right, teclistamab: small first steps, then a climb over eight weekly injections."  # fmt: skip
    return lecture.html(
        static_figure(
            _draw_pace(run),
            alt=alt,
            caption=pace_sentence(run),
            width=920,
            tag="Model · typical patients of Clements 2020 and Miao 2023, doses of the US labels",
        )
    )


def _draw_pace(run: Pace) -> bytes:
    """Left, hours of a pump that is switched off; right, weeks of injections."""
    with plots.plot_style():
        figure = Figure(figsize=(9.2, 3.5), dpi=200)
        FigureCanvasAgg(figure)
        short, long = figure.subplots(1, 2)
        figure.subplots_adjust(left=0.075, right=0.985, top=0.89, bottom=0.165, wspace=0.2)
        short.plot(run.hours, run.pump_pg_mL, color=palette.ANTIBODY.line)
        short.axvspan(0, PUMP_STOPS_H, color=palette.ANTIBODY.tint, alpha=0.45, linewidth=0)
        short.text(
            PUMP_STOPS_H / 2,
            0.07,
            "pump on",
            ha="center",
            transform=short.get_xaxis_transform(),
            color=palette.ANTIBODY.edge,
        )
        short.text(
            PUMP_STOPS_H + 1, 0.9, "pump off", transform=short.get_xaxis_transform(), color=palette.MUTED
        )
        short.set(xlim=(0, 72), ylim=(0, 640), xlabel="hours", title="Blinatumomab (pg/mL)")
        short.set_xticks(range(0, 73, 12))
        long.plot(run.days, run.injected_mg_L, color=palette.T_CELL.line)
        long.plot(
            run.doses_d,
            np.zeros_like(run.doses_d, dtype=float),
            "^",
            color=palette.INK,
            markersize=7,
            clip_on=False,
            zorder=5,
        )
        long.set(
            xlim=(0, 56),
            ylim=(0, 21),
            yticks=range(0, 21, 5),
            xlabel="days  (▲ injection)",
            title="Teclistamab (mg/L)",
        )
        long.set_xticks(range(0, 57, 7))
        figure.canvas.draw()
        return encode_png(figure.canvas)


def pace_sentence(run: Pace) -> str:
    """Hours to nine tenths of the plateau, hours to a tenth of it, and what the first step of the injections is beside the last."""
    high = run.hours[np.argmax(run.pump_pg_mL >= 0.9 * run.plateau_pg_mL)]
    after = run.hours > PUMP_STOPS_H
    low = run.hours[after][np.argmax(run.pump_pg_mL[after] <= 0.1 * run.plateau_pg_mL)] - PUMP_STOPS_H
    last = np.interp(run.doses_d[-1], run.days, run.injected_mg_L)
    first = run.injected_mg_L[run.days <= run.doses_d[1]].max()
    return (
        f"Blinatumomab reaches nine tenths of its plateau of {run.plateau_pg_mL:.0f} pg/mL in {high:.1f} hours, and has fallen to a tenth "
        f"{low:.1f} hours after the pump stops. Just before its last injection shown, {run.doses_d[-1]:.0f} days after the first, teclistamab "
        f"stands at {last:.0f} mg/L, {last / first:.0f} times the highest level after the first step."
    )


# Tables and trials


def products() -> HTML:
    """A table: the antibody-drug conjugates, with place and year of approval."""
    approved = tables.approvals()
    drugs = [tables.conjugate(name) for name in tables.conjugate_names()]
    rows = [
        (drug.name, drug.target, "yes" if drug.cleavable == "yes" else "no", f"{drug.payload}, {drug.payload_kind}", drug.dar_text,
         approval(approved, drug.name))
        for drug in drugs
    ]  # fmt: skip
    caption = (
        f"<strong>Data</strong> · {len(drugs)} antibody-drug conjugates, as of {approved.last_checked.max()}. Absence is no "
        f"judgement. {interrupted(approved, [drug.name for drug in drugs])}"
    )
    return table(
        caption, ("Conjugate", "target", "linker is cut", "payload", "mean DAR", "first approval"), rows
    )


def approval(approved, name: str) -> str:
    """Year and jurisdiction of each approval in the table, and what became of it."""
    rows = approved[approved["product"] == name]
    return "; ".join(
        f"{row.jurisdiction} {str(row.first_approved)[:4]}"
        + ("" if row.status == "approved" else f" ({row.status})")
        for row in rows.itertuples()
    )


def interrupted(approved, names: list[str]) -> str:
    """Which of these were withdrawn and came back, in the words of the table."""
    notes = approved[approved["product"].isin(names) & approved["note"].str.contains("Withdrawn", na=False)]
    return " ".join(
        f"{row.product.capitalize()}: withdrawn{row.note.partition('Withdrawn')[2]}"
        for row in notes.itertuples()
    )


def carriers() -> HTML:
    """A table: radioactive drugs by what carries the nuclide."""
    shown = tables.radiotherapeutics()
    kinds = {"neither": "neither: nothing carries it"}
    rows = [
        (product, nuclide, carrier, target, kinds.get(kind, kind), f"{year}, {status}")
        for product, nuclide, carrier, target, kind, year, status in shown[
            ["product", "nuclide", "carrier_kind", "target", "kind", "first_us_approval", "status"]
        ].itertuples(index=False)
    ]
    caption = (
        f"<strong>Data</strong> · radioactive drugs that seek a target, as of {shown.last_checked.max()}"
    )
    return table(caption, ("Drug", "nuclide", "carried by", "target", "so it is a", "first in the US"), rows)


SHOWN = {
    "conjugate": (("DESTINY-Breast03", ("response", "interstitial lung disease", "stopped for a drug-related adverse event")),
                  ("DESTINY-Breast04", ("interstitial lung disease", "death from interstitial lung disease")),
                  ("DREAMM-2", ("response", "changes of the cornea"))),
    "engager": (("MajesTEC-1", ("response", "CRS", "CRS grade 3+", "infection grade 3 or 4", "death from infection")),
                ("TOWER", ("response", "CRS", "CRS grade 3+")),
                ("DeLLphi-301", ("response", "CRS"))),
}  # fmt: skip
SHORT = {
    "trastuzumab deruxtecan": "T-DXd",
    "trastuzumab emtansine": "T-DM1",
    "belantamab mafodotin 2.5 mg/kg": "belantamab 2.5 mg/kg",
    "stopped for a drug-related adverse event": "stopped for an adverse event",
    "interstitial lung disease": "inflamed lungs",
    "death from interstitial lung disease": "death from inflamed lungs",
}


def trials(kind: str) -> HTML:
    """A picture: benefit and harm in trials of conjugates or engagers, each a share with its count and exact interval."""
    rows = [
        row
        for study, outcomes in SHOWN[kind]
        for outcome in outcomes
        for row in tables.antibody_trials(study=study, outcome=outcome).itertuples()
    ]
    alt = "One row a result, a dot with an interval: " + "; ".join(
        f"{told(row)}: {counted(row)}" for row in rows
    )
    return lecture.html(
        static_figure(
            _forest(rows),
            alt=alt,
            caption=TRIAL_CAPTIONS[kind],
            width=920,
            tag="Data · trials as reported, 2019 to 2025; lines: exact 95 % intervals",
        )
    )


def _forest(rows: list) -> bytes:
    """One line a result: what was counted, its share with the interval, and the count."""
    height = 0.31 * len(rows) + 0.95
    with plots.plot_style():
        figure = Figure(figsize=(9.2, height), dpi=200)
        FigureCanvasAgg(figure)
        axes = figure.subplots()
        figure.subplots_adjust(left=0.46, right=0.85, top=1 - 0.1 / height, bottom=0.62 / height)
        for place, row in enumerate(reversed(rows)):
            colour = palette.ACTIVATES if row.outcome == "response" else palette.INHIBITS
            low, high = interval(row)
            axes.plot([low, high], [place, place], color=colour)
            axes.plot(
                row.percent,
                place,
                "o" if row.outcome == "response" else "D",
                color=colour,
                markersize=8,
                markeredgecolor="white",
            )
            axes.text(-0.015, place, told(row), transform=axes.get_yaxis_transform(), ha="right", va="center")
            axes.text(1.02, place, counted(row), transform=axes.get_yaxis_transform(), va="center")
        axes.set(
            xlim=(0, 100),
            ylim=(-0.7, len(rows) - 0.3),
            xlabel="patients (%)   round, green: benefit · diamond, red: harm",
        )
        axes.set_yticks([])
        axes.spines["left"].set_visible(False)
        figure.canvas.draw()
        return encode_png(figure.canvas)


TRIAL_CAPTIONS = {
    "conjugate": "DESTINY-Breast03 and 04 were randomised; DREAMM-2 compared two doses only. Patients on T-DXd were treated for about "
    "twice as long as those on T-DM1, so harm had more time. The benefit in DESTINY-Breast04, longer life, stands in the text.",
    "engager": "Without a line: the report at hand prints a percentage and no count. TOWER was randomised: patients lived for a median of "
    "7.7 months with blinatumomab and 4.0 with chemotherapy. MajesTEC-1 had no control group. The two graded CRS by different scales, so "
    "their numbers do not compare. In DeLLphi-301 ten times the dose brought more CRS and no more responses. That fits a bell and does "
    "not prove one.",
}


def told(row) -> str:
    """Study, arm and outcome of a result."""
    arm = row.arm if row.product in row.arm or row.kind == "comparator" else f"{row.product} {row.arm}"
    return f"{row.study} · {SHORT.get(arm, arm)} · {SHORT.get(row.outcome, row.outcome)}"


def counted(row) -> str:
    """``28 of 257``, or the percentage where no count was printed."""
    return f"{row.percent:g} %" if pd.isna(row.successes) else f"{row.successes:.0f} of {row.n:.0f}"


def interval(row) -> tuple[float, float]:
    """Exact 95 % interval in percent; the point alone where no count was printed."""
    if pd.isna(row.successes):
        return row.percent, row.percent
    return tuple(100 * end for end in proportions.clopper_pearson(int(row.successes), int(row.n)))
