"""A tumour and the effector cells that find it: ``phase_plane()`` lets a learner start anywhere and see how it ends."""

from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
from matplotlib.path import Path

from immunolab import tables
from immunolab.draw import palette, plots
from immunolab.draw.live import LivePlot
from immunolab.interactives.explorer import Explorer, Pick, Place, Preset, Slide, Task, steps
from immunolab.models import tumour_immune

TUMOUR, EFFECTOR, GONE = palette.TUMOUR, palette.T_CELL, palette.CD28
START_TUMOURS, START_EFFECTORS = steps(10, 1e9, 10), steps(1e3, 1e8, 10)
FOLLOWED_D, DRAWN_D = 1000.0, 500.0
ALL_TUMOURS = np.geomspace(1, 1e9, 181)  # along the nullclines
BOX = 1e12  # the watersheds are known from 1 to so many cells
FATES = {
    "eliminated": "it is eliminated",
    "dormant": "it is held",
    "escaped": "it escapes",
    "undecided": "nothing is settled after 1,000 days",
}
SINGLE = {"eliminated": "is eliminated", "held": "is held", "escapes": "escapes"}
MANY = {"eliminated": "are eliminated", "held": "are held", "escapes": "escape"}
CELLS, SURGERY = "cells", "surgery"
TREATMENTS = {
    "none": "nothing",
    CELLS: "5 million effector cells are given",
    SURGERY: "90 % of the tumour is removed",
}


@dataclass(frozen=True)
class Plane:
    """The phase plane of one influx.

    ``watershed`` parts held from escaping starts; right of ``last_cell`` less than one cell is left. ``held`` and ``eliminated`` are the outlines of the starts that end so, arrays of shape (points, 2) with effector and
    tumour cells; None where there are none. Starts in neither escape.
    """

    parameters: tumour_immune.KuznetsovParameters
    states: tuple[tumour_immune.SteadyState, ...]
    nullclines: tumour_immune.Nullclines
    watershed: np.ndarray | None
    last_cell: np.ndarray | None
    held: np.ndarray | None
    eliminated: np.ndarray | None

    @property
    def island(self) -> bool:
        """Whether the held starts lie within one closed watershed: smaller tumours escape as well."""
        return self.watershed is not None and self.watershed[0, 1] > BOX / 10

    def fates(self, effector_cells: float) -> list[tuple[float, str]]:
        """How tumours of rising size end beside so many effector cells: (largest tumour that does, fate), up to the room."""
        here, room = np.log(effector_cells), self.parameters.capacity_cells
        turns = [
            turn
            for line in (self.watershed, self.last_cell)
            if line is not None
            for turn in _crossings(line, here)
        ]
        ends = [*sorted(turn for turn in turns if 1 < turn < room), room]
        middles = np.sqrt(np.multiply([1, *ends[:-1]], ends))
        found = []
        for end, middle in zip(ends, middles, strict=True):
            fate = self._fate(here, np.log(middle))
            if found and found[-1][1] == fate:
                found.pop()
            found.append((end, fate))
        return found

    def _fate(self, log_effector: float, log_tumour: float) -> str:
        for fate in ("eliminated", "held"):
            outline = getattr(self, fate)
            if outline is not None and Path(np.log(outline)).contains_point((log_effector, log_tumour)):
                return fate
        return "escapes"


@dataclass(frozen=True)
class Struggle:
    """One start on its plane. ``untreated`` is the course if nothing had been done."""

    plane: Plane
    course: tumour_immune.TumourCourse
    untreated: tumour_immune.TumourCourse


@lru_cache(maxsize=64)
def plane_of(influx: float) -> Plane:
    """The plane of the published mouse with so many times its influx of effector cells."""
    mouse = tables.kuznetsov()
    p = replace(mouse, s_cells_d=influx * mouse.s_cells_d)
    states = tumour_immune.steady_states(p)
    watershed, last = map(_points, (tumour_immune.separatrix(p), tumour_immune.last_cell_line(p)))
    everywhere = np.array([[1, 1], [1, BOX], [BOX, BOX], [BOX, 1]])
    cleared = states[0].stable  # then the last cell does not grow back, wherever one starts
    held = None if cleared else everywhere if watershed is None else _right_of(watershed)
    return Plane(
        parameters=p,
        states=states,
        nullclines=tumour_immune.nullclines(p, ALL_TUMOURS),
        watershed=watershed,
        last_cell=last,
        held=held,
        eliminated=everywhere if cleared else None if last is None else _right_of(last),
    )


def _points(curve: tumour_immune.Curve | None) -> np.ndarray | None:
    return None if curve is None else np.column_stack([curve.effector_cells, curve.tumour_cells])


def _crossings(line: np.ndarray, log_effector: float) -> list[float]:
    """The tumours at which a line is crossed beside so many effector cells."""
    across, up = np.log(line).T
    passed = np.flatnonzero((across[:-1] < log_effector) != (across[1:] < log_effector))
    part = (log_effector - across[passed]) / (across[passed + 1] - across[passed])
    return np.exp(up[passed] + part * (up[passed + 1] - up[passed])).tolist()


def _right_of(line: np.ndarray) -> np.ndarray:
    """The outline of what lies to the right of a line to the top of the box; it may begin there, too."""
    if line[0, 1] > BOX / 10:
        return line
    return np.vstack([line, [BOX, BOX], [BOX, 1], [line[0, 0], 1]])


@lru_cache(maxsize=256)
def _followed(
    influx: float, effectors: float, tumour: float, treatment: str, day: float
) -> tumour_immune.TumourCourse:
    pulses = {
        "none": (),
        CELLS: (tumour_immune.Pulse(day, effector_cells=5e6),),
        SURGERY: (tumour_immune.Pulse(day, tumour_killed=0.9),),
    }
    return tumour_immune.simulate_kuznetsov(
        plane_of(influx).parameters, effectors, tumour, FOLLOWED_D, pulses[treatment]
    )


def struggle(tumour: float, effectors: float, influx: float, treatment: str, day: float) -> Struggle:
    """A tumour and effector cells from this start, with ``influx`` times the mouse's effector cells coming in."""
    return Struggle(
        plane=plane_of(influx),
        course=_followed(influx, effectors, tumour, treatment, day),
        untreated=_followed(influx, effectors, tumour, "none", 1.0),
    )


def cells(count: float) -> str:
    """A number of cells in words: ``12,300``, ``8.19 million``."""
    if count >= 999_500:
        return f"{count / 1e6:.3g} million" if count < 999.5e6 else f"{count / 1e9:.3g} billion"
    return plots.count(count) if count >= 100 else f"{count:.2g}"


def struggle_sentence(state: dict, result: Struggle) -> str:
    """How it ends, the largest tumour on the way, and which other starts would end so."""
    course = result.course
    begun = f"{cells(state['tumour'])} tumour cells meet {cells(state['effectors'])} effector cells"
    treated = state["treatment"] != "none"
    over = course.one_cell_d is not None and course.one_cell_d < state["day"]
    if treated and not over:
        begun += f", and on day {state['day']:g} {TREATMENTS[state['treatment']]}"
    told = [f"{begun}: {FATES[course.outcome]}.", *_way(course)]
    if not treated:
        told.append(_elsewhere(result.plane, state["effectors"]))
    elif over:
        told.append(f"On day {state['day']:g} nothing is left to treat.")
    else:
        told.append(f"Untreated, {FATES[result.untreated.outcome]}.")
    return " ".join(told)


def _way(course: tumour_immune.TumourCourse) -> list[str]:
    """The peak, where the tumour does not end there, and what is left."""
    top, last = int(course.tumour_cells.argmax()), course.tumour_cells[-1]
    told = []
    if top and last < 0.99 * course.tumour_cells[top]:
        told.append(
            f"The tumour is largest {_on(course.times_d[top])}, with {cells(course.tumour_cells[top])} cells."
        )
    if course.one_cell_d is not None:
        return [*told, f"It falls below one cell {_on(course.one_cell_d)}."]
    return [*told, f"On day 1,000 it has {cells(last)} cells."]


def _on(day: float) -> str:
    return f"on day {day:.0f}" if day >= 1 else "on the first day"


def _elsewhere(plane: Plane, effectors: float) -> str:
    """How tumours of other sizes end beside so many effector cells."""
    *smaller, (_, last) = plane.fates(effectors)
    beside = f"Beside {cells(effectors)} effector cells"
    if not smaller:
        return f"{beside}, a tumour of any size {SINGLE[last]} in the end."
    told = [
        f"{'tumours of' if not place else 'those'} up to {cells(end)} {MANY[fate]}"
        for place, (end, fate) in enumerate(smaller)
    ]
    return f"{beside}, {', '.join(told)}, larger ones {MANY[last]}."


MARKS = {"stable focus": "o", "stable node": "s", "saddle": "X"}
# What a steady state is, and in brackets its kind; the saddle without a tumour needs no name.
NAMES = {
    ("dormant", "stable focus"): "held (focus)",
    ("dormant", "stable node"): "held (node)",
    ("escaped", "stable node"): "escaped (node)",
    ("watershed", "saddle"): "pass (saddle)",
    ("tumour-free", "stable node"): "eliminated (node)",
}
DECADES = {1: "1", 1e3: "1,000", 1e6: "10⁶", 1e9: "10⁹"}


class PlanePlot(LivePlot):
    """Left: effector cells across, tumour cells up, with basins, steady states and the way. Right: both over time."""

    width, height = 680, 430

    def build(self):
        self.plane, self.course = self.figure.subplots(1, 2, width_ratios=(1.3, 1))
        self.margins(left=52, right=14, top=36, bottom=54, wspace=0.26)
        self.clickable = self.plane
        self._build_plane(self.plane)
        self._build_course(self.course)

    def _build_plane(self, axes):
        axes.set(xscale="log", yscale="log", xlim=(START_EFFECTORS[0], START_EFFECTORS[-1]), ylim=(1, 1e9))
        axes.set(xlabel="effector cells", title="Tumour cells")
        axes.set_xticks([1e3, 1e4, 1e5, 1e6, 1e7, 1e8], ["1,000", "10⁴", "10⁵", "10⁶", "10⁷", "10⁸"])
        axes.set_yticks(list(DECADES), list(DECADES.values()))
        axes.minorticks_off()
        axes.grid(visible=False)
        axes.set_facecolor(palette.mix(TUMOUR.tint, palette.PAPER, 0.35))
        self.regions = {
            name: axes.fill([], [], facecolor=palette.mix(colour.tint, palette.PAPER, 0.3), zorder=1)[0]
            for name, colour in (("held", EFFECTOR), ("eliminated", GONE))
        }
        self.watershed = axes.plot([], [], color=palette.INK, linewidth=1.6, zorder=2)[0]
        thin = {"linewidth": 1.2, "linestyle": (0, (5, 2)), "zorder": 2}
        self.stills = {
            "effector_still": axes.plot([], [], color=EFFECTOR.line, **thin)[0],
            "tumour_still": axes.plot([], [], color=TUMOUR.line, **thin)[0],
        }
        white = {"markeredgecolor": "white", "clip_on": False, "zorder": 5}
        self.marks = {
            kind: axes.plot([], [], mark, color=palette.INK, markersize=9, **white)[0]
            for kind, mark in MARKS.items()
        }
        self.names_of = {
            (role, kind): plots.outlined(
                axes, name, palette.INK, (1, 1), float(kind == "stable node"), with_halo=True
            )
            for (role, kind), name in NAMES.items()
        }
        self.words = {
            "escapes": plots.outlined(axes, "escapes", TUMOUR.edge, (1.4e3, 1.2e8), bold=True),
            "held": plots.outlined(axes, "held", EFFECTOR.edge, (1.4e3, 2), bold=True),
            "island": plots.outlined(axes, "held", EFFECTOR.edge, (1.6e6, 2), 0.5, bold=True),
            "eliminated": plots.outlined(axes, "eliminated", GONE.edge, (8e7, 2), 1, bold=True),
            "tumour_still": plots.outlined(axes, "tumour steady", TUMOUR.edge, (1.9e6, 60)),
            "effector_still": plots.outlined(axes, "effectors steady", EFFECTOR.edge, (1, 300), 1),
        }
        for moved in (self.regions, self.stills, self.marks, self.names_of, self.words):
            self.moving(moved.values())
        self.before = plots.before_line(axes)
        self.now = plots.now_line(axes, palette.NOW)
        self.start = plots.now_dot(axes, palette.NOW, clip_on=False)
        self.moving(self.watershed, self.before, self.now, self.start)

    def _build_course(self, axes):
        axes.set(yscale="log", xlim=(0, DRAWN_D), ylim=(1, 1e9), xlabel="days", title="Cells over time")
        axes.set_yticks(list(DECADES), list(DECADES.values()))
        axes.minorticks_off()
        self.before_tumour = plots.before_line(axes)
        colours = {"tumour": TUMOUR, "effector cells": EFFECTOR}
        self.lines = {name: plots.now_line(axes, colour.line) for name, colour in colours.items()}
        self.names = {
            name: plots.outlined(axes, name, colour.edge, (DRAWN_D, 1), 1) for name, colour in colours.items()
        }
        self.moving(self.before_tumour, self.lines.values(), self.names.values())

    def update(self, result, previous=None, prediction=None):
        plane, course = result.plane, result.course
        self._lay_out(plane)
        self.now.set_data(course.effector_cells, np.maximum(course.tumour_cells, 0.5))
        self.start.set_data(course.effector_cells[:1], course.tumour_cells[:1])
        for line in (self.before, self.before_tumour):
            line.set_visible(previous is not None)
        if previous is not None:
            earlier = previous.course
            self.before.set_data(earlier.effector_cells, np.maximum(earlier.tumour_cells, 0.5))
            self.before_tumour.set_data(earlier.times_d, np.maximum(earlier.tumour_cells, 0.1))
        counts = {"tumour": course.tumour_cells, "effector cells": course.effector_cells}
        for name, count in counts.items():
            self.lines[name].set_data(course.times_d, np.maximum(count, 0.1))
        self._name_lines(counts, course.times_d)

    def _name_lines(self, counts: dict[str, np.ndarray], days: np.ndarray) -> None:
        """The name of the upper line above it, of the lower one below it, near the end."""
        late = (days > 0.62 * DRAWN_D) & (days <= DRAWN_D)
        lower, upper = sorted(counts, key=lambda name: counts[name][late].mean())
        crowded = counts[upper][late].max() > 2e8  # no room above
        high = counts[upper][late].min() / 4 if crowded else counts[upper][late].max() * 1.5
        low = counts[lower][late].min()
        self.names[upper].set_offsets([(0.985 * DRAWN_D, high)])
        self.names[lower].set_offsets([(0.985 * DRAWN_D, low / 4 if low > 10 else 2)])

    def _lay_out(self, plane: Plane) -> None:
        """What depends on the influx alone."""
        for name, region in self.regions.items():
            outline = getattr(plane, name)
            region.set_visible(outline is not None)
            if outline is not None:
                region.set_xy(outline)
        self.watershed.set_visible(plane.watershed is not None)
        if plane.watershed is not None:
            self.watershed.set_data(*plane.watershed.T)
        for name, line in self.stills.items():
            line.set_data(getattr(plane.nullclines, name), plane.nullclines.tumour_cells)
        for kind, mark in self.marks.items():
            found = [state for state in plane.states if state.kind == kind]
            mark.set_data(
                [state.effector_cells for state in found], [max(state.tumour_cells, 1) for state in found]
            )
        for named, label in self.names_of.items():
            places = [self._beside(state) for state in plane.states if (state.role, state.kind) == named]
            label.set_offsets(np.reshape(places, (-1, 2)))
        self._name_regions(plane)

    @staticmethod
    def _beside(state: tumour_immune.SteadyState) -> tuple[float, float]:
        """Where the name of a steady state is written: clear of the marks, and of the spiral around a focus."""
        across = {"stable node": 0.72, "saddle": 1.45, "stable focus": 3.2}[state.kind] * state.effector_cells
        below = 0.35 if state.kind == "stable focus" else 0.75  # the dashed line runs level with the focus
        return across, below * state.tumour_cells or 2

    def _name_regions(self, plane: Plane) -> None:
        for name, seen in {
            "escapes": plane.watershed is not None,
            "held": plane.held is not None and not plane.island,
            "island": plane.island,
        }.items():
            self.words[name].set_visible(seen)
        if plane.island:
            self.words["island"].set_offsets([(1.6e6, 3 * plane.watershed[:, 1].min())])
        self.words["effector_still"].set_offsets([(plane.states[0].effector_cells / 1.15, 300)])


def phase_plane() -> Explorer:
    """The interactive of segment 4."""
    small, large = {"effectors": 1e3, "tumour": 5e6}, {"effectors": 1e6, "tumour": 1e8}
    rest = {"effectors": 3.2e5, "tumour": 1e8}
    return Explorer(
        title="Eliminated, held, escaped",
        compute=struggle,
        draw=PlanePlot,
        controls=[
            Slide("tumour", "Tumour cells at the start", 5e5, values=START_TUMOURS, words=cells),
            Slide("effectors", "Effector cells at the start", 3.2e5, values=START_EFFECTORS, words=cells),
            Slide("influx", "Influx of effector cells", 1.0, 0.2, 6.0, 0.1, unit="times"),
            Pick("treatment", "One day", "none", TREATMENTS, advanced=True),
            Slide("day", "That is on day", 20, 1, 200, 1, advanced=True),
        ],
        presets=[
            Preset("Small tumour, few effectors", small, against=large),
            Preset("Large tumour, many effectors", large, against=small),
            Preset("Remove 90 % on day 20", {**rest, "treatment": SURGERY}, against=rest),
            Preset("Half the influx", {"influx": 0.5}, against={}),
            Preset("Influx × 3", {**rest, "influx": 3.0}, against=rest),
            Preset("Influx × 6", {**rest, "influx": 6.0}, against=rest),
        ],
        prediction="01.Q13",
        sentence=struggle_sentence,
        alt="Left, a plane with effector cells across and tumour cells up, both on log axes, tinted by how a start ends: escapes, held, eliminated. "
        "A black line is the watershed; a line leads from a dot, the start, to where it ends. Right, tumour and effector cells over 500 days.",
        explain=(
            "The small tumour escapes and the large one is held. What decides, and what moves the black line?",
            "Not the size alone, but on which side of the watershed a start lies, and that depends on the effector cells as well. The line runs "
            "into the saddle, where tumour and attack are balanced on a knife's edge. More influx pushes it up, until saddle and large tumour meet "
            "and vanish: then no start escapes. With half the influx the held starts are an island. A small tumour then "
            "escapes too, for when it is large enough to call effector cells, too few are there to multiply.",
        ),
        vary=Task(
            "Start from <em>Half the influx</em> and raise it step by step. From how many times the influx on does no start escape?",
            lambda state, result: state["influx"] == 1.7 and state["treatment"] == "none",
        ),
        limits=[
            "Fitted to one lymphoma (BCL1) in the spleen of mice, well mixed. The tumour never changes: no lost antigen, no suppressor cells, no "
            "place to hide. It shows how a balance can tip, and says nothing of a patient's time or cell numbers.",
            "In the equations a tumour never reaches zero: below about five times the influx even a thousandth of a cell grows back. "
            "That it is gone below one cell is our rule.",
            "Effector cells are one number. Which cells they are, what they see, and whether they tire is left out. Cells given or tumour removed "
            "come in one moment and cost nothing.",
        ],
        tag="Model · Kuznetsov 1994, fitted to a lymphoma in mice",
        place=Place(x="effectors", y="tumour"),
        sources=("Kuznetsov1994", "dOnofrio2013"),
    )
