"""How many bridges? ``bell()`` counts those that a dose of an engager builds."""

from dataclasses import dataclass

import numpy as np

from immunolab.draw import palette, plots
from immunolab.draw.live import LivePlot
from immunolab.interactives.conjugates_and_engagers.shared import rounded
from immunolab.interactives.explorer import Explorer, Preset, Slide, Task, nearest, steps
from immunolab.models import ternary

DOSES_NM = steps(0.01, 10_000, 12)
KD_NM = steps(0.1, 1000, 6)
ANTIGENS = (1000, 2000, 5000, 10_000, 20_000, 50_000, 100_000, 200_000, 500_000, 1_000_000)
CD3_PER_CELL = 100_000
SWEEP_NM = np.geomspace(0.01, 10_000, 241)
BRIDGES_SHOWN = tuple(lead * 10.0**power for power in range(7) for lead in (1, 1.5, 2, 3, 5, 7))


@dataclass(frozen=True)
class Bell:
    """An engager between two kinds of cell. ``bridges`` per tumour cell and the shares that hold drug (percent) over SWEEP_NM."""

    drug_nM: float
    now: float
    best_nM: float
    most: float
    window_nM: tuple[float, float]
    bridges: np.ndarray
    antigen_held: np.ndarray
    cd3_held: np.ndarray

    @property
    def of_most(self) -> float:
        """Bridges in percent of the most."""
        return 100 * self.now / self.most

    def held(self, course: np.ndarray) -> float:
        """A share at the chosen dose."""
        return float(np.interp(np.log(self.drug_nM), np.log(SWEEP_NM), course))


def bridge(
    drug_nM: float, kd_cd3_nM: float, antigens: float, kd_antigen_nM: float, million_per_mL: float
) -> Bell:
    """The equilibrium of an engager, CD3 and an antigen, with as many T cells as tumour cells in a millilitre."""
    cells = million_per_mL * 1e6
    system = (
        ternary.receptors_nM(cells, CD3_PER_CELL),
        ternary.receptors_nM(cells, antigens),
        kd_cd3_nM,
        kd_antigen_nM,
    )
    state = ternary.ternary(np.append(SWEEP_NM, drug_nM), *system)
    top = ternary.peak(*system)
    per_cell = ternary.per_cell(state.ternary_nM, cells)
    return Bell(
        drug_nM=drug_nM,
        now=float(per_cell[-1]),
        best_nM=top.drug_nM,
        most=ternary.per_cell(top.ternary_nM, cells),
        window_nM=ternary.window(*system),
        bridges=per_cell[:-1],
        antigen_held=100 * (1 - state.free_c_nM[:-1] / system[1]),
        cd3_held=100 * (1 - state.free_a_nM[:-1] / system[0]),
    )


def bell_sentence(state: dict, result: Bell) -> str:
    """Bridges now, the most, and who holds drug."""
    best = f"the best dose of {rounded(result.best_nM)} nM"
    if 0.8 < result.drug_nM / result.best_nM < 1.25:
        side = "about the best dose"
    else:
        side = f"below {best}" if result.drug_nM < result.best_nM else f"above {best}"
    return (
        f"At {rounded(result.drug_nM)} nM, {side}, a tumour cell has {_bridges(result.now)} to T cells on average, "
        f"{plots.percent(min(result.of_most, 100))} of the most there can be. Drug sits on "
        f"{plots.percent(result.held(result.antigen_held))} of the antigen and on {plots.percent(result.held(result.cd3_held))} of CD3."
    )


def _bridges(count: float) -> str:
    """``75 bridges``, ``one bridge``, ``less than one bridge``."""
    if count < 0.95:
        return "less than one bridge"
    return "one bridge" if count < 1.5 else f"{rounded(count)} bridges"


class BellPlot(LivePlot):
    """Above, bridges for a tumour cell against the dose. Below, the share of each receptor that holds drug."""

    width, height = 680, 450

    def build(self):
        self.bell, self.held = self.figure.subplots(2, 1, sharex=True, height_ratios=(1.7, 1))
        self.margins(left=76, right=104, top=34, bottom=52, hspace=0.2)
        self.bell.set(xscale="log", xlim=(0.01, 10_000), title="Bridges for one tumour cell")
        self.bell.yaxis.set_major_formatter(lambda value, _: f"{value:,.0f}")
        self.held.set(ylim=(0, 106), yticks=[0, 50, 100], ylabel="holds drug (%)", xlabel="engager (nM)")
        self.held.set_xticks(10.0 ** np.arange(-2, 5), ["0.01", "0.1", "1", "10", "100", "1,000", "10,000"])
        self.held.minorticks_off()
        both = {"color": palette.INK, "linewidth": 1.4, "linestyle": (0, (2, 2))}
        self.best = self.moving([axes.axvline(1, **both) for axes in (self.bell, self.held)])
        beneath_top = {"transform": self.bell.get_xaxis_transform(), "ha": "left", "va": "top"}
        self.best_name = self.moving(self.bell.text(1, 0.99, "", **beneath_top))
        self.before = self.moving(plots.before_line(self.bell))
        self.now = self.moving(plots.now_line(self.bell, palette.ANTIBODY.line))
        self.dot = self.moving(plots.now_dot(self.bell, palette.ANTIBODY.line))
        self.ghost = self.moving(plots.now_dot(self.bell, palette.BEFORE))
        self.antigen = self.moving(plots.now_line(self.held, palette.TUMOUR.line))
        self.cd3 = self.moving(plots.now_line(self.held, palette.T_CELL.line))
        self.dots = [
            self.moving(plots.now_dot(self.held, colour.line)) for colour in (palette.TUMOUR, palette.T_CELL)
        ]
        beside = self.held.get_yaxis_transform()
        self.names = [
            self.moving(self.held.text(1.015, 0, words, transform=beside, va="center", color=colour.edge))
            for words, colour in (("antigen", palette.TUMOUR), ("CD3", palette.T_CELL))
        ]
        self.mark = plots.PredictionMark(self.bell)
        self.moving(self.mark.artists)

    def update(self, result, previous=None, prediction=None):
        runs = [result] if previous is None else [result, previous]
        self._fit(max([*(run.most for run in runs), prediction or 0]))
        for line in self.best:
            line.set_xdata([result.best_nM] * 2)
        self.best_name.set(text=f" most at {rounded(result.best_nM)} nM", x=result.best_nM)
        self.now.set_data(SWEEP_NM, result.bridges)
        self.dot.set_data([result.drug_nM], [result.now])
        for artist in (self.before, self.ghost):
            artist.set_visible(previous is not None)
        if previous is not None:
            self.before.set_data(SWEEP_NM, previous.bridges)
            self.ghost.set_data([previous.drug_nM], [previous.now])
        shares = (result.antigen_held, result.cd3_held)
        for line, share in zip((self.antigen, self.cd3), shares, strict=True):
            line.set_data(SWEEP_NM, share)
        heights = plots.spread([share[-1] for share in shares], 20 * self.scale)
        for dot, name, share, height in zip(self.dots, self.names, shares, heights, strict=True):
            dot.set_data([result.drug_nM], [result.held(share)])
            name.set_y(height)
        self.mark.show(prediction)

    def _fit(self, most: float) -> None:
        """Grow or shrink the axis in steps; it stays still while bells are compared. ``most`` is to stand below the top."""
        top = next((step for step in BRIDGES_SHOWN if step >= 1.15 * most), BRIDGES_SHOWN[-1])
        if self.bell.get_ylim()[1] != top:
            self.bell.set_ylim(0, top)
            self.axes_are(top)


def bell() -> Explorer:
    """The interactive of segment 4."""
    best = nearest(DOSES_NM, 12)
    return Explorer(
        title="The bell",
        compute=bridge,
        draw=BellPlot,
        controls=[
            Slide("drug_nM", "Engager", best, values=DOSES_NM, unit="nM"),
            Slide("kd_cd3_nM", "K_D of the arm for CD3", 100.0, values=KD_NM, unit="nM"),
            Slide("antigens", "Antigens on a tumour cell", 50_000, values=ANTIGENS),
            Slide("kd_antigen_nM", "K_D of the arm for the antigen", 1.0, values=KD_NM, unit="nM", advanced=True),
            Slide("million_per_mL", "Cells of each kind", 1, values=(0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100), unit="million per mL",
                  advanced=True),
        ],
        presets=[
            Preset("A hundred times more", {"drug_nM": nearest(DOSES_NM, 100 * best)}, against={"drug_nM": best}),
            Preset("A hundred times less", {"drug_nM": nearest(DOSES_NM, best / 100)}, against={"drug_nM": best}),
            Preset("A tighter arm for CD3", {"kd_cd3_nM": 1.0}, against={}),
            Preset("A tenth of the antigens", {"antigens": 5000}, against={}),
        ],
        prediction="05.Q13",
        sentence=bell_sentence,
        alt="Two panels over the dose on a log axis. Above, bridges for a tumour cell: a bell, with a dashed line at its top. Below, two S-shaped "
        "curves: the share of the antigen and of CD3 that hold drug. The top stands where one is nearly covered and the other nearly free.",
        explain=(
            "Look at the lower panel. What do the two curves say at the top of the bell, and what far to the right of it?",
            "A bridge needs a molecule on one cell and a free place on the other. At the top the antigen is nearly covered and CD3 nearly free. "
            "Far to the right both are covered, each by a molecule of its own, and no molecule finds a free partner. "
            "Counted in free drug, the top stands at the square root of the two K_D multiplied: a tighter arm moves it to a lower dose.",
        ),
        vary=Task(
            "Give the arm for CD3 a K_D of 1 nM. Which dose now builds the most bridges?",
            lambda state, result: state["kd_cd3_nM"] == 1 and state["kd_antigen_nM"] == 1 and 0.8 < result.drug_nM / result.best_nM < 1.25,
        ),
        limits=[
            "Receptors float free in one millilitre here. On cells they meet in a narrow gap, where far more bridges form, and the first "
            "bridge brings others closer.",
            "Equilibrium only: no time to bind, no receptors taken in, no drug used up.",
            "Bridges are not killing: a few may be enough for a T cell. Nor does the level in blood tell the level between two cells, so the "
            "model cannot say on which side of its top a patient is.",
        ],
        tag="Model · ternary complex, Douglass 2013; K_D and densities illustrative",
        sources=("Douglass2013",),
    )  # fmt: skip
