"""Lesson 04: what a learner can move.

``arms()`` asks what a second arm gains, ``dose()`` where a dose goes when its own target removes it, and ``depth()``
how far from a vessel an antibody gets. ``fc_grip()``, ``fc_choices()``, ``variant()`` and ``her2()`` are tables.
"""

import html
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
from IPython.display import HTML
from matplotlib.collections import PolyCollection
from matplotlib.patches import Circle, Rectangle

from immunolab import tables
from immunolab.draw import palette, plots
from immunolab.draw.live import LivePlot
from immunolab.interactives.explorer import Explorer, Pick, Preset, Slide, Task, steps
from immunolab.interactives.page import table
from immunolab.models import binding, effector, penetration, proportions, target_mediated


def conc(nM: float) -> str:
    """``2.5 pM``, ``10 nM``, ``1.2 µM``: a concentration in the unit that keeps it short."""
    if nM < LEAST_NM:
        return "less than 1 pM"
    factor, unit = next(pair for pair in ((1e-3, "µM"), (1.0, "nM"), (1e3, "pM")) if nM * pair[0] >= 0.9999)
    return f"{plots.number(nM * factor)} {unit}"


# One arm, two arms

LEAST_NM = 0.001  # below it, a number from this model is an upper bound of nothing
KD_NM = steps(0.1, 10_000, 6)
MOLECULES = steps(100, 1e6, 12, 5e5)
CONC_NM = steps(0.001, 1000, 6)
CONC_AXIS = np.geomspace(1e-4, 1e4, 161)
MOLECULE_AXIS = np.geomspace(100, 1e6, 121)
NAMED_LINES = {"BT-474": "3+", "ZR-75-1": "1+", "MDA-MB-231": "0"}  # a cell line and the stain it got


@dataclass(frozen=True)
class Grip:
    """An antibody on a cell. Shares of the target held, in percent, by a single arm and by two.

    ``*_by_conc`` over CONC_AXIS, ``two_by_count`` over MOLECULE_AXIS; ``*_half_nM`` is where half is held.
    """

    conc_nM: float
    molecules: float
    one: float
    two: float
    one_half_nM: float
    two_half_nM: float
    one_by_conc: np.ndarray
    two_by_conc: np.ndarray
    two_by_count: np.ndarray


def hold(kd_nM: float, molecules: float, conc_nM: float) -> Grip:
    """What a single arm, and a whole antibody, hold on a round cell with so many target molecules."""

    def two(conc, number):
        return 100 * binding.patch(conc, kd_nM, _crowd_nM(number)).occupancy

    return Grip(
        conc_nM=conc_nM,
        molecules=molecules,
        one=float(100 * binding.occupancy(conc_nM, kd_nM)),
        two=float(two(conc_nM, molecules)),
        one_half_nM=kd_nM,
        two_half_nM=float(kd_nM / 2 / binding.avidity_gain(kd_nM, _crowd_nM(molecules))),
        one_by_conc=100 * binding.occupancy(CONC_AXIS, kd_nM),
        two_by_conc=two(CONC_AXIS, molecules),
        two_by_count=two(conc_nM, MOLECULE_AXIS),
    )


def _crowd_nM(molecules):
    """The concentration in which the second arm finds itself."""
    return binding.effective_conc_nM(binding.surface_density_um2(molecules))


def hold_sentence(state: dict, result: Grip) -> str:
    """What one arm and two hold, and how much less antibody two arms need."""
    gain = result.one_half_nM / max(result.two_half_nM, LEAST_NM)
    less = f"{plots.count(gain)} times less" if gain >= 10 else f"{gain:.1f} times less"
    if result.two_half_nM < LEAST_NM:
        less = f"more than {less}"
    return (
        f"At {conc(state['conc_nM'])}, a single arm holds {plots.percent(result.one)} of {plots.count(result.molecules)} target "
        f"molecules; two arms hold {plots.percent(result.two)}. Half is held at {conc(result.one_half_nM)} with one arm, and "
        f"at {conc(result.two_half_nM)} with two: {less}."
    )


class ArmsPlot(LivePlot):
    """Target held, by one arm and by two: left over the concentration, right over the molecules on the cell."""

    width, height = 680, 390

    def build(self):
        self.drug, self.cell = both = self.figure.subplots(1, 2, sharey=True)
        self.margins(left=50, right=36, top=38, bottom=54, wspace=0.12)
        self.drug.set(
            xscale="log", xlim=(CONC_AXIS[0], CONC_AXIS[-1]), ylim=(0, 114), title="Target held (%)"
        )
        self.drug.set_xlabel("antibody (nM)")
        self.drug.set_yticks(range(0, 101, 20))
        self.drug.set_xticks([1e-4, 1e-2, 1, 100], ["0.0001", "0.01", "1", "100"])
        self.cell.set(xscale="log", xlim=(MOLECULE_AXIS[0], MOLECULE_AXIS[-1]))
        self.cell.set_xlabel("target molecules on a cell")
        self.cell.set_xticks([1e2, 1e3, 1e4, 1e5, 1e6], ["100", "1,000", "10,000", "100,000", "1 million"])
        for axes in both:
            axes.minorticks_off()
        self._draw_cell_lines()
        one, two = palette.MUTED, palette.ANTIBODY
        self.before = [self.moving(plots.before_line(axes)) for axes in both]
        self.one = [self.moving(plots.now_line(axes, one)) for axes in both]
        self.two = [self.moving(plots.now_line(axes, two.line)) for axes in both]
        self.dots = [self.moving(plots.now_dot(axes, colour)) for axes in both for colour in (one, two.line)]
        self.one_name, self.two_name = [
            self.moving(plots.halo(self.drug.text(1, y, name, color=colour, weight="semibold", zorder=7)))
            for name, colour, y in (("one arm", one, 5), ("two arms", two.edge, 70))
        ]
        self.mark = plots.PredictionMark(self.drug)
        self.moving(self.mark.artists)

    def _draw_cell_lines(self):
        """Where three cell lines stand, with the stain that a laboratory gave them."""
        for line, stain in NAMED_LINES.items():
            x = tables.antigen_density("HER2", line)
            self.cell.plot([x, x], [0, 104], color=palette.HER2.line, linewidth=1, linestyle=(0, (1, 2)))
            words = {"color": palette.HER2.edge, "ha": "center", "fontsize": plots.small()}
            self.cell.text(x, 106, f"HER2 {stain}", **words)

    def update(self, result, previous=None, prediction=None):
        over = (CONC_AXIS, MOLECULE_AXIS)
        flat = np.full_like(MOLECULE_AXIS, result.one)
        for line, x, y in zip(self.one, over, (result.one_by_conc, flat), strict=True):
            line.set_data(x, y)
        for line, x, y in zip(self.two, over, (result.two_by_conc, result.two_by_count), strict=True):
            line.set_data(x, y)
        places = [(x, y) for x in (result.conc_nM, result.molecules) for y in (result.one, result.two)]
        for dot, (x, y) in zip(self.dots, places, strict=True):
            dot.set_data([x], [y])
        for line, x, curve in zip(self.before, over, ("two_by_conc", "two_by_count"), strict=True):
            line.set_visible(previous is not None)
            if previous is not None:
                line.set_data(x, getattr(previous, curve))
        self._place_names(result)
        self.mark.show(prediction)

    def _place_names(self, result):
        """Under the curve of one arm; to the left of that of two, or under it where there is no room."""
        weak = result.one_half_nM > 200
        self.one_name.set(x=9e3 if weak else 0.5 * result.one_half_nM, ha="right" if weak else "left")
        room = result.two_half_nM > 0.02
        x = 0.9 * result.two_half_nM if room else 4 * max(result.two_half_nM, CONC_AXIS[0])
        self.two_name.set(x=x, y=70 if room else 40, ha="right" if room else "left")


def arms() -> Explorer:
    """The interactive of segment 1."""
    start = {"kd_nM": 1000.0, "molecules": 5e5, "conc_nM": 10.0}
    return Explorer(
        title="One arm, two arms",
        compute=hold,
        draw=ArmsPlot,
        controls=[
            Slide(
                "kd_nM", "K_D of one arm (large is weak)", start["kd_nM"], values=KD_NM, unit="nM", words=conc
            ),
            Slide(
                "molecules",
                "Target molecules on the cell",
                start["molecules"],
                values=MOLECULES,
                words=plots.count,
            ),
            Slide("conc_nM", "Antibody", start["conc_nM"], values=CONC_NM, unit="nM", words=conc),
        ],
        presets=[
            Preset("Weak arms, much target", start),
            Preset("Weak arms, little target", {**start, "molecules": 10_000.0}, against=start),
            Preset("Tight arms, little target", {**start, "kd_nM": 1.0, "molecules": 10_000.0}),
            Preset("Weak arms, ten times less antibody", {**start, "conc_nM": 1.0}, against=start),
        ],
        prediction="04.Q10",
        sentence=hold_sentence,
        alt="Two panels with the share of target that is held. Left, over the concentration of antibody: the curve for two "
        "arms rises far to the left of that for one. Right, over the target molecules on a cell: flat for one arm, rising "
        "for two. Marks show cell lines with much and little HER2.",
        explain=(
            "With weak arms the antibody holds the cell with much target and leaves the other. With tight arms it holds both. Why?",
            "Once the first arm is on, the second finds itself in a crowd: on a cell with 500,000 target molecules the crowd is "
            "as dense as 264 µM. A weak arm stays only while the other holds, so it needs the crowd. A tight arm stays by "
            "itself, and then the second adds a grip that nothing needs. So <em>weak arms in pairs tell much from little</em>.",
        ),
        vary=Task(
            "Arms of K_D 100 nM, antibody at 10 nM. How few target molecules on a cell are enough for half of them to be held?",
            lambda state, result: state["kd_nM"] == 100 and state["conc_nM"] == 10 and 49 <= result.two < 56,
        ),
        limits=[
            "Two target molecules that one antibody can always reach. Real ones stand apart, drift and turn, so the gain here is "
            "an <em>upper bound</em>: measured gains are smaller, and largest for weak arms (Nielsen 2000).",
            "How long two arms stay comes out in years on paper. Read such numbers as a factor only: a cell takes its receptors "
            "in within hours or days.",
            "Equilibrium, with antibody in excess, on a round cell 10 µm across whose target molecules are spread evenly.",
        ],
        tag="Model and data · two receptors in reach of one antibody, mass action; marks: Larson 2010",
        sources=("Larson2010", "Nielsen2000"),
    )


# Where does the dose go?

SET = "a membrane target"
DOSES = (10, 15, 20, 30, 40, 60, 80, 100, 125, 150, 200, 250, 300, 400, 500, 600, 700, 800, 900, 1000)
TARGET_TIMES = steps(0.1, 10, 6)
INTAKE_TIMES = (0.25, 0.5, 1.0, 2.0, 3.0, 4.0, 6.0)
HORIZON_D = 150
DAYS = np.concatenate([[0], np.geomspace(1e-3, 1, 30), np.linspace(1.5, HORIZON_D, 250)])
QUICK = 1e-5  # tolerance: right to 0.5 % where there is drug, in a third of the time
NOTHING = "nothing"
SHORTCUTS = {"qe": "QE", "qss": "QSS", "mm": "Michaelis-Menten"}
OFF = 0.1  # a tenth too high or low counts as failure
FLOOR = 1e-3  # of the concentrations drawn, mg/L


@dataclass(frozen=True)
class Fate:
    """One dose over DAYS: free drug in mg/L, and the share of the target that is held, in percent.

    ``full_d`` and ``tail_d`` part the phases (days, NaN if not reached). ``by_target`` is the share, in percent, of the
    drug that is gone by the end which left through the target. ``beside`` is the free drug of the ``shortcut`` of this
    name, or None.
    """

    free: np.ndarray
    held: np.ndarray
    full_d: float
    tail_d: float
    by_target: float
    shortcut: str
    beside: np.ndarray | None


def give(dose_mg_L: float, target_times: float, beside: str, intake_times: float) -> Fate:
    """One dose, against more or less target than in the published set, which is taken in faster or slower."""
    base = tables.target_mediated(SET)
    parameters = replace(
        base, ksyn_nM_d=target_times * base.ksyn_nM_d, kint_per_d=intake_times * base.kint_per_d
    )
    once = target_mediated.Dosing(dose_mg_L * parameters.v1_L)
    full = target_mediated.simulate(parameters, once, DAYS, tolerance=QUICK)
    when = target_mediated.phases(full)
    through = parameters.kint_per_d * np.trapezoid(full.complex_nM, DAYS)
    cleared = parameters.kel_per_d * full.auc()
    other = None
    if beside != NOTHING:
        other = target_mediated.simulate(parameters, once, DAYS, beside, QUICK).free_nM
    return Fate(full.free_nM, 100 * full.occupancy, when.saturated_until_d, when.terminal_from_d,
                100 * through / (through + cleared), SHORTCUTS.get(beside, ""), other)  # fmt: skip


def give_sentence(state: dict, result: Fate) -> str:
    """How long the target is full, which way the drug leaves, and where a shortcut goes wrong."""
    full = (
        f"the target is full until day {result.full_d:.0f}"
        if result.full_d >= 0.5
        else "the target takes the drug at once and is never full for long"
    )
    if np.isnan(result.full_d):
        full = f"the target is still full on day {HORIZON_D}"
    words = (
        f"After {state['dose_mg_L']:g} mg/L {full}. Of the drug that is gone by day {HORIZON_D}, "
        f"{plots.percent(result.by_target)} left through the target."
    )
    return words if result.beside is None else f"{words} {_misled(result)}"


def _misled(result: Fate) -> str:
    """What a shortcut says at the end, beside the full model, and since when it is off."""
    ratio = np.divide(result.beside, result.free, out=np.ones_like(DAYS), where=result.free > 0)
    off = np.abs(ratio - 1) > OFF
    if not off[DAYS > 1].any():
        return f"{result.shortcut} stays within a tenth of the full model from day 1 on."
    if not off[-1]:
        days = DAYS[off & (DAYS > 1)]
        return f"{result.shortcut} is off by more than a tenth between day {days[0]:.0f} and day {days[-1]:.0f}, and right at the end."
    since = DAYS[len(off) - np.argmin(off[::-1])] if not off[1:].all() else 0
    when = f"from day {since:.0f} on" if since >= 0.5 else "from the start"
    end = f"{plots.number(ratio[-1], 2)} times" if ratio[-1] > 1e-3 else "less than a thousandth of"
    return f"{result.shortcut} is off by more than a tenth {when}, and ends at {end} the free drug of the full model."


class FatePlot(LivePlot):
    """Above, free drug over days on a log axis, in three phases; below, the share of the target that is held."""

    width, height = 680, 460
    PHASES = (("target\nfull", 0.2), ("target\ntakes over", 0.08), ("tail", 0.0))

    def build(self):
        self.drug, self.target = self.figure.subplots(2, 1, sharex=True, height_ratios=(2.3, 1))
        self.margins(left=66, right=20, top=20, bottom=52, hspace=0.14)
        self.drug.set(yscale="log", xlim=(0, HORIZON_D), ylim=(FLOOR, 20_000), ylabel="free drug (mg/L)")
        self.drug.set_yticks(
            [1e-3, 1e-2, 0.1, 1, 10, 100, 1000], ["0.001", "0.01", "0.1", "1", "10", "100", "1,000"]
        )
        self.drug.minorticks_off()
        self.target.set(
            ylim=(0, 106), yticks=[0, 50, 100], ylabel="target held (%)", xlabel="days after the dose"
        )
        self.bands, self.words = [], []
        for name, shade in self.PHASES:
            band = Rectangle(
                (0, 0),
                0,
                1,
                transform=self.drug.get_xaxis_transform(),
                color=palette.ANTIBODY.line,
                alpha=shade,
                linewidth=0,
            )
            self.bands.append(self.moving(self.drug.add_patch(band)))
            word = self.drug.text(
                0, 15_000, name, ha="center", va="top", color=palette.ANTIBODY.edge, fontsize=plots.small()
            )
            self.words.append(self.moving(word))
        self.before = [self.moving(plots.before_line(axes)) for axes in (self.drug, self.target)]
        self.beside = self.moving(
            plots.now_line(self.drug, palette.INHIBITS, linestyle=(0, (5, 1.5, 1, 1.5)))
        )
        self.now = self.moving(plots.now_line(self.drug, palette.ANTIBODY.line))
        self.held = self.moving(plots.now_line(self.target, palette.ANTIBODY.line))
        self.beside.set_zorder(5)
        name = self.drug.text(0, FLOOR, "", color=palette.INHIBITS, weight="semibold", zorder=7)
        self.shortcut = self.moving(plots.halo(name))
        self.mark = plots.PredictionMark(self.drug, axis="x", at=0.3)
        self.moving(self.mark.artists)

    def update(self, result, previous=None, prediction=None):
        self.now.set_data(DAYS, result.free)
        self.held.set_data(DAYS, result.held)
        drawn = [] if result.beside is None else DAYS[result.beside > FLOOR]
        self.beside.set_visible(len(drawn) > 0)
        self.shortcut.set_visible(len(drawn) > 0)
        if len(drawn):
            self.beside.set_data(DAYS, result.beside)
            width = 2 * len(result.shortcut)  # of its name, in days
            behind = drawn[-1] + width < HORIZON_D - 4
            start = drawn[-1] + 2 if behind else drawn[-1] - 4 - width
            curves = np.maximum(result.free, 0 if behind else result.beside)
            above = max(1.6 * FLOOR, 3 * np.interp(start, DAYS, curves))
            self.shortcut.set(text=result.shortcut, x=start, y=above)
        edges = np.nan_to_num([0, result.full_d, result.tail_d, HORIZON_D], nan=HORIZON_D)
        for band, word, left, right in zip(self.bands, self.words, edges[:-1], edges[1:], strict=True):
            band.set(x=left, width=max(0.0, right - left))
            word.set(x=(left + right) / 2, visible=right - left > 16)
        for line in self.before:
            line.set_visible(previous is not None)
        if previous is not None:
            self.before[0].set_data(DAYS, previous.free)
            self.before[1].set_data(DAYS, previous.held)
        self.mark.show(prediction)
        if prediction is not None:
            right = prediction > 100
            self.mark.text.set(ha="right" if right else "left")
            self.mark.text.xyann = (-5 if right else 5, 0)


def dose() -> Explorer:
    """The interactive of segment 3."""
    start = {"dose_mg_L": 300.0}
    return Explorer(
        title="Where does the dose go?",
        compute=give,
        draw=FatePlot,
        controls=[
            Slide("dose_mg_L", "Dose, as level in blood", 300.0, values=DOSES, unit="mg/L"),
            Slide("target_times", "Target made", 1.0, values=TARGET_TIMES, unit="times"),
            Pick(
                "beside",
                "Shortcut beside the full model",
                NOTHING,
                {NOTHING: "none", **SHORTCUTS},
                style="select",
            ),
            Slide(
                "intake_times",
                "Complex taken in",
                1.0,
                values=INTAKE_TIMES,
                unit="times as fast",
                advanced=True,
            ),
        ],
        presets=[
            Preset("Three times the dose", {"dose_mg_L": 900.0}, against=start),
            Preset("A tenth of the dose", {"dose_mg_L": 30.0}, against=start),
            Preset(
                "QSS beside the full model",
                {"dose_mg_L": 100.0, "beside": "qss"},
                against={"dose_mg_L": 100.0},
            ),
            Preset(
                "QE beside the full model", {"dose_mg_L": 100.0, "beside": "qe"}, against={"dose_mg_L": 100.0}
            ),
            Preset(
                "Michaelis-Menten beside it",
                {"dose_mg_L": 100.0, "beside": "mm"},
                against={"dose_mg_L": 100.0},
            ),
        ],
        prediction="04.Q11",
        sentence=give_sentence,
        alt="Two panels over days after one dose. Above, free drug on a log axis: a slow fall while the target is full, then a "
        "steep one, then a tail. Below, the share of the target that is held, full at first and then falling.",
        explain=(
            "Three times the dose kept the target full 27 days longer, not three times as long. And the tail falls at one slope, whatever "
            "the dose. What sets the two?",
            "While the target is full it removes a fixed amount a day, as much as is made. The rest leaves by clearance, in "
            "proportion to what is there: so days are added with each <em>doubling</em>, not with each milligram. In the tail "
            "hardly any drug is free. What falls is the drug on its target, as fast as cells take that in.",
        ),
        vary=Task(
            "Keep 300 mg/L. How much more target must be made until more than 70 % of the drug leaves through it?",
            lambda state, result: (
                state["dose_mg_L"] == 300 and state["intake_times"] == 1 and 70 < result.by_target < 80
            ),
        ),
        limits=[
            "One dose into one compartment, with the numbers of a teaching example (Peletier 2012), not of a drug: target and "
            "drug are counted in mg/L of what the drug could bind.",
            "<em>Full</em> means free drug above ten times K_SS, and the tail begins at a tenth of it. Both marks are ours.",
            "No tissue, no two arms, no antibodies against the drug. Shortcuts run at a tolerance that leaves 0.5 % error.",
        ],
        tag="Model · target-mediated disposition, Mager and Jusko 2001; parameters of Peletier 2012",
        sources=("Peletier2012", "Gibiansky2008"),
    )


# Affinity is not depth

TISSUE_SET = "an IgG in a mouse"
GRIPS_NM = steps(0.1, 1000, 4)
PLASMA_NM = (10, 15, 20, 30, 40, 60, 80, 100, 150, 200, 300, 400, 600, 800, 1000, 1300, 2000, 3000)
ANTIGEN_NM = PLASMA_NM
DAYS_AFTER = (0.5, 1.0, 2.0, 3.0, 5.0, 7.0)
INTAKE_HOURS = (5.0, 10.0, 15.0, 24.0, 48.0, 96.0)
CELL_UM = 11.5  # from the middle of a tumour cell to that of its neighbour
SEED = 4
LABEL_UM, LABEL_PERCENT = 22, 7  # room that words take in the curve's panel


@dataclass(frozen=True)
class Stain:
    """Antigen around a vessel that holds antibody, in percent, over ``depth_um`` from the vessel's wall."""

    depth_um: np.ndarray
    occupied: np.ndarray
    mean: float
    beside: float
    edge: float

    def at(self, depth_um):
        """Percent of the antigen held at these depths."""
        return np.interp(depth_um, self.depth_um, self.occupied)


@lru_cache(maxsize=512)
def stain(kd_nM: float, plasma_nM: float, antigen_nM: float, days: float, intake_h: float) -> Stain:
    """Antibody in the tissue around one vessel after some days at a steady level in plasma."""
    setting = tables.penetration(TISSUE_SET)
    tumour = replace(setting.tumour, antigen_nM=antigen_nM, internalisation_per_d=24 * np.log(2) / intake_h)
    profile = penetration.penetrate(
        tumour, replace(setting.binder, kd_nM=kd_nM), penetration.Plasma(plasma_nM), days
    )
    occupied = 100 * profile.occupancy[-1]
    return Stain(
        depth_um=profile.radius_um - tumour.capillary_um,
        occupied=occupied,
        mean=100 * float(profile.mean_occupancy[-1]),
        beside=float(occupied[0]),
        edge=float(occupied[-1]),
    )


def stain_sentence(state: dict, result: Stain) -> str:
    """The mean, the two ends, and how far the stain reaches."""
    when = "day" if state["days"] == 1 else "days"
    words = (
        f"After {state['days']:g} {when}, {plots.percent(result.mean)} of the antigen holds antibody: "
        f"{plots.percent(result.beside)} beside the vessel, {plots.percent(result.edge)} half way to the next one."
    )
    if result.beside < 1.25 * result.edge:
        return words + " The stain is even."
    half = float(np.interp(-result.beside / 2, -result.occupied, result.depth_um))
    return (
        words if result.edge > result.beside / 2 else f"{words} The stain falls to half within {half:.0f} µm."
    )


def _cells(vessel_um: float, krogh_um: float) -> tuple[list[np.ndarray], np.ndarray]:
    """Outlines of tumour cells around a vessel at the origin, and their distances from its axis, in µm.

    A ring of cells along the wall, then a shaken honeycomb. Each cell is the part of the plane nearest to its own seed,
    with rounded corners; seeds mirrored into the vessel make the first ring end at the wall.
    """
    from scipy.spatial import Voronoi

    shake = np.random.default_rng(SEED)
    rows = np.arange(-9, 10)
    seeds = np.array([(CELL_UM * (i + 0.5 * (j % 2)), 0.866 * CELL_UM * j) for j in rows for i in rows])
    seeds += shake.normal(0, 0.1 * CELL_UM, seeds.shape)
    first = vessel_um + 0.45 * CELL_UM
    turn = np.linspace(0, 2 * np.pi, round(2 * np.pi * first / CELL_UM), endpoint=False)
    ring = np.column_stack([np.cos(turn), np.sin(turn)])
    seeds = np.vstack([first * ring, seeds[np.hypot(*seeds.T) > first + 0.72 * CELL_UM]])
    plane = Voronoi(np.vstack([seeds, (2 * vessel_um - first) * ring]))
    outlines, distances = [], []
    for seed, region in zip(seeds, plane.point_region, strict=False):
        corners, distance = plane.regions[region], float(np.hypot(*seed))
        if distance < krogh_um - 2:
            outlines.append(_rounded(seed + 0.93 * (plane.vertices[corners] - seed)))
            distances.append(distance)
    return outlines, np.array(distances)


def _rounded(corners: np.ndarray) -> np.ndarray:
    """A closed outline with its corners cut twice."""
    for _ in range(2):
        onward = np.roll(corners, -1, axis=0)
        corners = np.stack([0.75 * corners + 0.25 * onward, 0.25 * corners + 0.75 * onward], 1).reshape(-1, 2)
    return corners


def _ramp() -> np.ndarray:
    """Colours of cells from no antigen held to all, 101 rows of red, green, blue."""
    pale, full = (palette.mix(palette.TUMOUR.tint, palette.PAPER, 0.45), palette.ANTIBODY.edge)
    shades = [palette.mix(pale, palette.ANTIBODY.line, min(1.0, share / 0.6)) if share < 0.6 else
              palette.mix(palette.ANTIBODY.line, full, (share - 0.6) / 0.4) for share in np.linspace(0, 1, 101)]  # fmt: skip
    return np.array([[int(shade[i : i + 2], 16) / 255 for i in (1, 3, 5)] for shade in shades])


class TissuePlot(LivePlot):
    """Left, tumour cells around a vessel, stained by how much of their antigen is held; right, the same as a curve."""

    width, height = 680, 384

    def build(self):
        tumour = tables.penetration(TISSUE_SET).tumour
        self.tissue, self.curve = self.figure.subplots(1, 2, width_ratios=(1.08, 1))
        self.margins(left=8, right=18, top=38, bottom=54, wspace=0.2)
        self._draw_tissue(tumour.capillary_um, tumour.krogh_um)
        reach = tumour.krogh_um - tumour.capillary_um
        self.curve.set(
            xlim=(0, reach), ylim=(0, 104), title="Antigen held (%)", xlabel="µm from the vessel's wall"
        )
        self.before = self.moving(plots.before_line(self.curve))
        self.now = self.moving(plots.now_line(self.curve, palette.ANTIBODY.line))
        self.mean = self.moving(self.curve.plot([], [], color=palette.INK, linewidth=1.4, zorder=4)[0])
        self.mean_name = self.moving(
            plots.halo(self.curve.text(reach - 1, 0, "", ha="right", va="bottom", zorder=7))
        )
        self.mark = plots.PredictionMark(self.curve, at=0.98, ha="right")
        self.moving(self.mark.artists)

    def _draw_tissue(self, vessel_um: float, krogh_um: float) -> None:
        side = krogh_um + 4
        self.tissue.set(
            xlim=(-side, side),
            ylim=(-side, side),
            aspect="equal",
            title="Tumour around a vessel",
        )
        self.tissue.set_axis_off()
        self.tissue.title.set_visible(True)
        outlines, distances = _cells(vessel_um, krogh_um)
        self.depths = distances - vessel_um
        self.ramp = _ramp()
        still = PolyCollection(
            outlines, facecolors=palette.PAPER, edgecolors=palette.TUMOUR.edge, linewidths=1.6
        )
        self.tissue.add_collection(still)
        self.cells = self.moving(self.tissue.add_collection(PolyCollection(outlines, linewidths=0, zorder=2)))
        nuclei = np.array([outline.mean(0) for outline in outlines])
        nucleus = palette.mix(palette.TUMOUR.line, palette.PAPER, 0.35)
        size = 4.6 * self.scale
        self.moving(
            self.tissue.plot(
                *nuclei.T, "o", color=nucleus, alpha=0.6, markersize=size, markeredgewidth=0, zorder=3
            )
        )
        wall = Circle(
            (0, 0),
            vessel_um,
            facecolor=palette.BLOOD.tint,
            edgecolor=palette.ENDOTHELIUM.line,
            linewidth=4,
            zorder=4,
        )
        self.tissue.add_patch(wall)
        self.tissue.plot([krogh_um - 28, krogh_um - 8], [-krogh_um + 2] * 2, color=palette.INK, linewidth=2.4)
        self.tissue.text(krogh_um - 18, -krogh_um + 5, "20 µm", ha="center", fontsize=plots.small())
        self._draw_key(-side, -krogh_um - 2)

    def _draw_key(self, x: float, y: float) -> None:
        """What the colours of the cells say, from none of the antigen held to all of it."""
        self.tissue.imshow(self.ramp[np.newaxis], extent=(x, x + 26, y, y + 4), aspect="auto", zorder=2)
        for end, words, side in ((x, "0", "left"), (x + 26, "100 %", "center")):
            self.tissue.text(end, y + 6, words, ha=side, fontsize=plots.small())

    def update(self, result, previous=None, prediction=None):
        shades = np.clip(np.round(result.at(self.depths)), 0, 100).astype(int)
        self.cells.set_facecolor(self.ramp[shades])
        self.now.set_data(result.depth_um, result.occupied)
        self.mean.set_data([0, result.depth_um[-1]], [result.mean] * 2)
        self._name_mean(result, prediction)
        self.before.set_visible(previous is not None)
        if previous is not None:
            self.before.set_data(previous.depth_um, previous.occupied)
        self.mark.show(prediction)

    def _name_mean(self, result: Stain, prediction: float | None) -> None:
        """At the right end of its line; at the left where the curve runs high above; over a prediction's words."""
        left = result.at(LABEL_UM) > result.mean + LABEL_PERCENT
        near = prediction is not None and not left and abs(prediction - result.mean) < LABEL_PERCENT
        bottom = max(result.mean, prediction + LABEL_PERCENT) if near else result.mean
        self.mean_name.set(
            text=f"mean {plots.percent(result.mean)}",
            x=1 if left else result.depth_um[-1] - 1,
            y=min(bottom + 1.5, 96),
            ha="left" if left else "right",
        )


def depth() -> Explorer:
    """The interactive of segment 4."""
    start = {"kd_nM": 10.0, "plasma_nM": 100.0, "antigen_nM": 1000.0}
    tight = {**start, "kd_nM": 0.1}
    return Explorer(
        title="Affinity is not depth",
        compute=stain,
        draw=TissuePlot,
        controls=[
            Slide("kd_nM", "K_D (large is weak)", 10.0, values=GRIPS_NM, unit="nM", words=conc),
            Slide("plasma_nM", "Antibody in blood", 100.0, values=PLASMA_NM, unit="nM", words=conc),
            Slide("antigen_nM", "Antigen in the tumour", 1000.0, values=ANTIGEN_NM, unit="nM", words=conc),
            Slide("days", "Days", 3.0, values=DAYS_AFTER, advanced=True),
            Slide(
                "intake_h",
                "Half of the antigen is taken in within",
                15.0,
                values=INTAKE_HOURS,
                unit="h",
                advanced=True,
            ),
        ],
        presets=[
            Preset("A grip 100 times tighter", tight, against=start),
            Preset("Tight, and ten times the dose", {**tight, "plasma_nM": 1000.0}, against=tight),
            Preset("Tight, and a tenth of the antigen", {**tight, "antigen_nM": 100.0}, against=tight),
            Preset("Too weak: 1 µM", {**start, "kd_nM": 1000.0}, against=start),
        ],
        prediction="04.Q12",
        sentence=stain_sentence,
        alt="Left, a slice of tumour with a blood vessel in its middle; each cell is coloured by the share of its antigen that "
        "holds antibody. Right, the same share over the distance from the vessel, with its mean.",
        explain=(
            "A grip 100 times tighter leaves the mean where it was and changes only the picture. Where did the gain go?",
            "What crosses the vessel's wall sets how much antibody the tissue gets. Nearly all of it is caught, whether the grip "
            "is tight or tighter: there is nothing left to gain. A tight grip catches it in the first cells, which then take it in "
            "and make new antigen. That is the <em>binding-site barrier</em>. A weaker grip lets it go and be caught again, further "
            "out. More dose, or less antigen, changes the sum itself.",
        ),
        vary=Task(
            "Keep the tight grip of 0.1 nM and 1 µM of antigen. How much antibody in blood until cells half way to the next vessel hold "
            "it on at least a tenth of their antigen?",
            lambda state, result: (
                state["kd_nM"] == 0.1
                and state["antigen_nM"] == 1000
                and state["days"] == 3
                and state["intake_h"] == 15
                and 10 <= result.edge < 90
            ),
        ),
        limits=[
            "One straight vessel in even tissue, and a steady level in its blood. Real vessels differ, leak and close; pressure "
            "and scars hold antibody back.",
            "Numbers for an IgG in tumours of mice. Antigen and level are examples, and every grip binds equally fast: a weaker one only lets go sooner.",
            "Two arms are counted as one with a single K_D. Held antigen is not yet a dead cell.",
        ],
        tag="Model · diffusion, binding and uptake around one vessel; parameters of Thurber and Wittrup 2012",
        sources=("ThurberWittrup2012",),
    )


# Tables


def fc_grip() -> HTML:
    """K_D of the four subclasses at each Fcγ receptor, with a mark where one text alone prints it."""
    subclasses = list(tables.igg_subclasses().subclass)
    rows = []
    for receptor in tables.fc_receptors():
        found = tables.fc_affinities(receptor).set_index("subclass")
        cells = [_grip_cell(found.loc[subclass]) for subclass in subclasses]
        rows.append((html.escape(receptor), html.escape(found.job.iloc[0]), *cells))
    return table(
        "<strong>Data</strong> · K_D in µM of a single human IgG at human Fcγ receptors; smaller is tighter (Bruhns 2009). "
        "? : one transcription alone prints it. ~ : at the limit of the method.",
        ("Receptor", "What it does", *subclasses),
        rows,
    )


def _grip_cell(row) -> str:
    doubt = "" if row.confirmed else " ?"
    if not row.ka_per_M:
        return f"none{doubt}"
    limit = "~" if "limit of the method" in str(row.note) else ""
    return f"{limit}{plots.number(effector.kd_uM_from_ka(row.ka_per_M), 2)}{doubt}"


def fc_choices() -> HTML:
    """Which Fc some approved antibodies carry, and why."""
    rows = [
        [html.escape(str(cell)) for cell in (row.antibody, row.target, row.isotype, row.fc, row.why)]
        for row in tables.fc_choices().itertuples()
    ]
    return table(
        "<strong>Data</strong> · what the Fc of some approved antibodies was made to do",
        ("Antibody", "Target", "Isotype", "Its Fc", "Why"),
        rows,
    )


def variant() -> HTML:
    """Responses to rituximab by the variant of FcγRIIIA, with exact intervals where counts are known."""
    trials = tables.fcgr3a_trials()
    counted = trials.successes.notna() & trials.n.notna()
    rows = [
        [*map(html.escape, (row.study, row.treatment, row.genotype, row.outcome)), _response(row, known)]
        for row, known in zip(trials.itertuples(), counted, strict=True)
    ]
    return table(
        "<strong>Data</strong> · response to rituximab by the variant of FcγRIIIA at position 158 (in Cartron 2002 counts from "
        "its percentages, with exact 95 % intervals)",
        ("Study", "Treatment", "Genotype", "Outcome", "Response"),
        rows,
    )


def _response(row, counted: bool) -> str:
    """``26 of 39: 50 to 81 %``, or the per cent alone."""
    if not counted:
        return f"{row.percent:g} %"
    within = proportions.clopper_pearson(int(row.successes), int(row.n))
    return f"{row.successes:.0f} of {row.n:.0f}: {100 * within.low:.0f} to {100 * within.high:.0f} %"


def her2() -> HTML:
    """HER2 molecules on cell lines beside the stain that a laboratory gave them."""
    rows = [
        (html.escape(row.cells), f"{row.per_cell_n:,.0f}", html.escape(row.ihc))
        for row in tables.antigens("HER2").itertuples()
    ]
    return table(
        "<strong>Data</strong> · HER2 on cell lines, counted by flow cytometry (Larson 2010)",
        ("Cell line", "HER2 molecules on a cell", "Stain (0 to 3+)"),
        rows,
    )
