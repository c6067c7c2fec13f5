"""How far and how long does a radionuclide act? ``reach()`` puts one into a lump of tumour."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from matplotlib.collections import LineCollection
from matplotlib.patches import Circle

from immunolab import tables
from immunolab.draw import palette, plots
from immunolab.draw.live import LivePlot
from immunolab.interactives.explorer import Explorer, Pick, Preset, Slide, Task, nearest, steps
from immunolab.models import radionuclide

DIAMETERS_MM = steps(0.05, 50, 20)
WASHOUT_H = (12, 24, 36, 48, 72, 96, 120, 168, 240, 336, 504, 720)
SIZES_MM = np.geomspace(0.05, 50, 90)
FIELDS_MM = (1, 2, 4, 8, 16, 32, 64)  # widths of the picture of the tumour
TRACKS, SEED = 110, 90


@dataclass(frozen=True)
class Reach:
    """A radionuclide in a tumour. Dose in Gy for 1 MBq in each gram; ``curves`` over SIZES_MM for every nuclide.

    ``inside`` and ``outside`` hold the parts of drawn electron tracks, shape (tracks, 2 ends, 2), in mm.
    """

    nuclide: str
    diameter_mm: float
    half_life_h: float
    in_place: float
    kept: float
    dose_Gy: float
    curves: dict[str, np.ndarray]
    inside: np.ndarray
    outside: np.ndarray

    @property
    def field_mm(self) -> float:
        """Width of the picture: it holds the tumour and most of the tracks."""
        longest = np.percentile(np.abs(self.outside), 90) if len(self.outside) else 0.0
        return next(
            (width for width in FIELDS_MM if width >= max(1.25 * self.diameter_mm, 2 * longest)),
            FIELDS_MM[-1],
        )


@lru_cache(maxsize=8)
def _kept(name: str) -> np.ndarray:
    """Percent of the energy that stays in tumours of SIZES_MM."""
    return 100 * radionuclide.sphere_absorbed_fraction(SIZES_MM, tables.nuclide(name))


def _gray(name: str, washout_h: float, kept):
    """Dose in Gy for 1 MBq in each gram of tumour, when so many percent of the energy stay."""
    nuclide = tables.nuclide(name)
    half_life = radionuclide.effective_half_life(nuclide.half_life_h, washout_h)
    decays = radionuclide.cumulated_activity_MBq_h(1, half_life)
    return radionuclide.absorbed_dose_Gy(decays, nuclide.energy_MeV, 1, kept / 100)


@lru_cache(maxsize=64)
def _tracks(name: str, diameter_mm: float) -> tuple[np.ndarray, np.ndarray]:
    """Straight tracks from random places in a sphere, seen from one side: their parts inside and outside it."""
    chance = np.random.default_rng(SEED)
    directions, outward = (chance.normal(size=(TRACKS, 3)) for _ in range(2))
    radius = diameter_mm / 2
    starts = (
        radius
        * chance.random(TRACKS)[:, None] ** (1 / 3)
        * outward
        / np.linalg.norm(outward, axis=1)[:, None]
    )
    directions /= np.linalg.norm(directions, axis=1)[:, None]
    energies = np.maximum(
        radionuclide.beta_energies_MeV(tables.nuclide(name), TRACKS), 0.01
    )  # the least that has a range
    lengths = radionuclide.electron_range_mm(energies)
    along = (starts * directions).sum(axis=1)
    way_out = -along + np.sqrt(along**2 + radius**2 - (starts**2).sum(axis=1))
    edges = starts + np.minimum(lengths, way_out)[:, None] * directions
    ends = starts + lengths[:, None] * directions
    leaves = lengths > way_out
    inside = np.stack([starts, edges], axis=1)[:, :, :2]
    return inside, np.stack([edges, ends], axis=1)[leaves][:, :, :2]


def irradiate(nuclide: str, diameter_mm: float, washout_h: float) -> Reach:
    """A tumour of this size with 1 MBq of a nuclide in each gram, washed out with a biological half-life."""
    chosen = tables.nuclide(nuclide)
    kept = 100 * float(radionuclide.sphere_absorbed_fraction(diameter_mm, chosen))
    inside, outside = _tracks(nuclide, diameter_mm)
    return Reach(
        nuclide=nuclide,
        diameter_mm=diameter_mm,
        half_life_h=radionuclide.effective_half_life(chosen.half_life_h, washout_h),
        in_place=100 * radionuclide.decays_in_place(chosen.half_life_h, washout_h),
        kept=kept,
        dose_Gy=_gray(nuclide, washout_h, kept),
        curves={name: _gray(name, washout_h, _kept(name)) for name in tables.nuclides()},
        inside=inside,
        outside=outside,
    )


def reach_sentence(state: dict, result: Reach) -> str:
    """Effective half-life, the energy that stays, and the dose beside that of the other nuclides."""
    others = ", with ".join(
        f"{name} {_gray_words(_at(result, name))}" for name in result.curves if name != result.nuclide
    )
    return (
        f"{result.nuclide}: the effective half-life is {result.half_life_h:.0f} hours, and {plots.percent(result.in_place)} of the "
        f"atoms decay before they are washed out. With a diameter of {result.diameter_mm:g} mm, {plots.percent(result.kept)} of the "
        f"beta energy stays in the tumour. For 1 MBq in each gram that is {_gray_words(result.dose_Gy)} Gy; with {others}."
    )


def _gray_words(dose_Gy: float) -> str:
    """A dose to two digits, the last 0 kept: ``2.0``."""
    return f"{dose_Gy:.2g}" if dose_Gy < 1 else f"{dose_Gy:.1f}" if dose_Gy < 10 else f"{dose_Gy:.0f}"


class ReachPlot(LivePlot):
    """Left: a tumour with the tracks of electrons, to scale. Right: dose against diameter for every nuclide."""

    width, height = 680, 390
    STILL_INSIDE, GONE = palette.NUCLIDE, palette.HEALTHY

    def build(self):
        self.view, self.dose = self.figure.subplots(1, 2, width_ratios=(1, 1.05))
        self.margins(left=58, right=66, top=38, bottom=54, wspace=0.27)
        self.view.set(aspect="equal", adjustable="box", anchor="N", title="Tracks of electrons, to scale")
        self.view.set_xlabel("mm", loc="right")
        below = (0, -18 * self.scale)
        for words, colour, left in (("in the tumour", self.STILL_INSIDE, 0), ("beyond it", self.GONE, 0.46)):
            self.view.annotate(
                words, (left, 0), below, "axes fraction", "offset points", color=colour.edge, va="top"
            )
        self.view.grid(visible=False)
        self.ball = self.moving(
            self.view.add_patch(
                Circle((0, 0), 1, facecolor=palette.TUMOUR.tint, edgecolor=palette.TUMOUR.edge, linewidth=1.8)
            )
        )
        self.gone = self.moving(
            self.view.add_collection(LineCollection([], colors=self.GONE.line, linewidths=1.1, zorder=2))
        )
        self.still = self.moving(
            self.view.add_collection(
                LineCollection([], colors=self.STILL_INSIDE.line, linewidths=1.4, zorder=3)
            )
        )
        self.dose.set(
            xscale="log",
            yscale="log",
            xlim=(0.05, 50),
            ylim=(0.03, 100),
            xlabel="diameter of the tumour (mm)",
        )
        self.dose.set_title("Dose (Gy) for 1 MBq per gram")
        self.dose.set_xticks([0.1, 1, 10], ["0.1", "1", "10"])
        self.dose.set_yticks([0.1, 1, 10, 100], ["0.1", "1", "10", "100"])
        self.dose.minorticks_off()
        self.before = self.moving(plots.before_line(self.dose))
        beside = self.dose.get_yaxis_transform()
        self.lines, self.labels = {}, {}
        for name in tables.nuclides():
            self.lines[name] = self.moving(plots.now_line(self.dose, palette.MUTED))
            self.labels[name] = self.moving(self.dose.text(1.02, 1, name, transform=beside, va="center"))
        self.dot = self.moving(plots.now_dot(self.dose, palette.NUCLIDE.line))
        self.mark = plots.PredictionMark(self.dose, at=0.98, ha="right")
        self.mark.text.set(va="top")  # below its line: above it the curves meet
        self.mark.text.xyann = (0, -4)
        self.moving(self.mark.artists)

    def update(self, result, previous=None, prediction=None):
        self._fit(result.field_mm)
        self.ball.set_radius(result.diameter_mm / 2)
        self.still.set_segments(result.inside)
        self.gone.set_segments(result.outside)
        ends = [np.log10(curve[-1]) + 1 for curve in result.curves.values()]
        for (name, curve), height in zip(
            result.curves.items(), plots.spread(ends, 0.19 * self.scale), strict=True
        ):
            chosen = name == result.nuclide
            self.lines[name].set(data=(SIZES_MM, curve), color=palette.NUCLIDE.line if chosen else palette.MUTED,
                                 linewidth=(2.4 if chosen else 1.4) * self.scale)  # fmt: skip
            self.labels[name].set(
                y=10 ** (height - 1), color=palette.NUCLIDE.edge if chosen else palette.MUTED
            )
        self.dot.set_data([result.diameter_mm], [result.dose_Gy])
        self.before.set_visible(previous is not None)
        if previous is not None:
            self.before.set_data(SIZES_MM, previous.curves[previous.nuclide])
        self.mark.show(prediction)

    def _fit(self, width: float) -> None:
        """Widen or narrow the view in steps."""
        half = width / 2
        if self.view.get_xlim() != (-half, half):
            self.view.set(xlim=(-half, half), ylim=(-half, half))
            ticks = [-half / 2, 0, half / 2]
            self.view.set_xticks(ticks, [f"{tick:g}" for tick in ticks])
            self.view.set_yticks(ticks, [f"{tick:g}" for tick in ticks])
            self.axes_are(width)


def reach() -> Explorer:
    """The interactive of segment 3."""
    small, large = {"diameter_mm": nearest(DIAMETERS_MM, 0.2)}, {"diameter_mm": nearest(DIAMETERS_MM, 20)}
    names = {"Y-90": "yttrium-90", "I-131": "iodine-131", "Lu-177": "lutetium-177"}
    return Explorer(
        title="Reach and dose",
        compute=irradiate,
        draw=ReachPlot,
        controls=[
            Pick(
                "nuclide",
                "Radionuclide",
                "Y-90",
                {name: f"{name} ({names[name]})" for name in tables.nuclides()},
            ),
            Slide(
                "diameter_mm", "Diameter of the tumour", large["diameter_mm"], values=DIAMETERS_MM, unit="mm"
            ),
            Slide("washout_h", "Biological half-life in the tumour", 168, values=WASHOUT_H, unit="hours"),
        ],
        presets=[
            Preset("A cluster of 0.2 mm, Y-90", {"nuclide": "Y-90", **small}),
            Preset("The same, Lu-177", {"nuclide": "Lu-177", **small}, against={"nuclide": "Y-90", **small}),
            Preset(
                "A lump of 20 mm, Y-90", {"nuclide": "Y-90", **large}, against={"nuclide": "Lu-177", **large}
            ),
            Preset(
                "Washed out in a day, I-131",
                {"nuclide": "I-131", **large, "washout_h": 24},
                against={"nuclide": "I-131", **large},
            ),
        ],
        prediction="05.Q12",
        sentence=reach_sentence,
        alt="Left, a tumour as a disc with straight tracks of electrons, drawn to scale: the part of each track inside the tumour and the part "
        "that has left it. Right, dose against diameter on log axes: one curve for each of three radionuclides; they cross.",
        explain=(
            "In the lump Y-90 gives the larger dose, in the cluster Lu-177. The atoms are the same. What changed?",
            "Each decay of Y-90 sets free six times the energy, but its electrons fly millimetres. In a lump they stop inside. A cluster of 0.2 mm "
            "they leave almost at once, and the energy goes to what lies around. Electrons of Lu-177 are slower and stop sooner. "
            "Long reach has a use too: it hits cells without antigen near by, the bystander effect of radiation.",
        ),
        vary=Task(
            "Find a diameter at which Y-90 and Lu-177 give the same dose, to within a few percent (168 hours).",
            lambda state, result: (
                state["washout_h"] == 168 and abs(np.log(_at(result, "Y-90") / _at(result, "Lu-177"))) < 0.05
            ),
        ),
        limits=[
            "The dose is a mean over the tumour. A cell at the edge gets less, and activity is never spread evenly.",
            "Electrons fly straight and only beta energy counts. Gamma rays of I-131 and Lu-177 leave the body.",
            "1 MBq per gram is a yardstick for comparison. What a tumour takes up, and what marrow and kidney receive, has to be measured in each "
            "patient.",
        ],
        tag="Model · MIRD schema, straight tracks (Katz and Penfold 1952); nuclides as tabulated",
        sources=("Bolch2009", "KatzPenfold1952"),
    )


def _at(result: Reach, name: str) -> float:
    """Dose of a nuclide at the chosen diameter."""
    return float(np.interp(result.diameter_mm, SIZES_MM, result.curves[name]))
