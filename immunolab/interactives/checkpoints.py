"""Lesson 02: what a learner can move.

``synapse()`` asks who gets the ligand, ``spare_brake()`` how much of a blocked brake is released, ``regimen()``
what a dose and a schedule do. ``published_against_model()`` and ``beyond()`` show data.
"""

import html
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from IPython.display import HTML
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from immunolab import tables
from immunolab.draw import palette, plots
from immunolab.draw.live import LivePlot, encode_png
from immunolab.interactives import lecture
from immunolab.interactives.explorer import Explorer, Pick, Preset, Slide, Task, nearest
from immunolab.interactives.page import cite
from immunolab.models import binding, pharmacokinetics
from immunolab.widgets.static import static_figure

# Who gets the ligand?

CTLA4_SWEEP = 250 * np.linspace(0, 1, 14) ** 1.5  # closer where the curve bends
ANTI_CTLA4_NM = (0, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)
# The bar chart: for each molecule its possible partners, in the order of the bar's pieces.
PARTNERS = {
    "CD28": {"CD80": palette.CD80, "CD86": palette.CD86, "free": palette.EMPTY},
    "CTLA-4": {
        "CD80": palette.CD80,
        "CD86": palette.CD86,
        "antibody": palette.ANTIBODY,
        "free": palette.EMPTY,
    },
    "CD80": {"CD28": palette.CD28, "CTLA-4": palette.CTLA4, "PD-L1": palette.PDL1, "free": palette.EMPTY},
    "CD86": {"CD28": palette.CD28, "CTLA-4": palette.CTLA4, "free": palette.EMPTY},
}


@dataclass(frozen=True)
class Contest:
    """A synapse now, and the share of CD28 engaged over a sweep of CTLA-4 (shape of CTLA4_SWEEP, percent).

    ``bound`` gives for each molecule the number per µm², its binding sites per µm², and how many of these sites
    each partner holds.
    """

    state: binding.SynapseState
    share: float
    sweep: np.ndarray
    bound: dict[str, tuple[float, float, dict[str, float]]]


@lru_cache(maxsize=4096)
def _equilibrium(cd28: float, ctla4: float, cd80: float, cd86: float, pdl1: float, antibody_nM: float):
    """One synapse. Kept, because a sweep and a drag come back to the same densities."""
    densities = binding.SynapseDensities(cd28=cd28, ctla4=ctla4, cd80=cd80, cd86=cd86, pdl1=pdl1)
    return binding.synapse(densities, tables.affinities_2d(), anti_ctla4_nM=antibody_nM)


def contest(cd86: float, ctla4: float, antibody_nM: float, cd80: float, cd28: float, pdl1: float) -> Contest:
    """Who holds whom at a synapse with these densities (molecules/µm²; CD80 as dimers)."""

    def at(count: float) -> binding.SynapseState:
        return _equilibrium(cd28, count, cd80, cd86, pdl1, antibody_nM)

    return Contest(
        state=at(ctla4),
        share=100 * at(ctla4).cd28_engaged_fraction,
        sweep=np.array([100 * at(count).cd28_engaged_fraction for count in CTLA4_SWEEP]),
        bound=holdings(at(ctla4)),
    )


def holdings(state: binding.SynapseState) -> dict[str, tuple[float, float, dict[str, float]]]:
    """The binding sites of each molecule, sorted by who holds them."""
    d, bonds = state.densities, state.bonds
    found = {
        "CD28": (d.cd28, d.cd28, {"CD80": bonds["CD28:CD80"], "CD86": bonds["CD28:CD86"]}),
        # A CTLA-4 that holds antibody is out of the game with both of its sites.
        "CTLA-4": (d.ctla4, 2 * d.ctla4, {"CD80": bonds["CTLA-4:CD80"], "CD86": bonds["CTLA-4:CD86"],
                                          "antibody": 2 * state.ctla4_blocked}),
        "CD80": (2 * d.cd80, 2 * d.cd80, {"CD28": bonds["CD28:CD80"], "CTLA-4": bonds["CTLA-4:CD80"],
                                          "PD-L1": bonds["CD80:PD-L1"]}),
        "CD86": (d.cd86, d.cd86, {"CD28": bonds["CD28:CD86"], "CTLA-4": bonds["CTLA-4:CD86"]}),
    }  # fmt: skip
    return {
        molecule: (count, sites, held | {"free": sites - sum(held.values())})
        for molecule, (count, sites, held) in found.items()
    }


def contest_sentence(state: dict, result: Contest) -> str:
    """Engaged CD28, what CTLA-4 takes away, and whether ligand is scarce."""
    ligands, receptors = result.state.ligand_sites, result.state.receptor_sites
    if ligands == 0:
        return "There is no ligand at this synapse, so nothing holds CD28."
    without = result.sweep[0]
    lost = round(without) - round(result.share)  # of the numbers that are shown, so that the sum is right
    scarce = result.state.regime == "ligand-limited"
    supply = f"Ligand is {'scarce' if scarce else 'in excess'}: {ligands:.0f} sites for {receptors:.0f} of CD28 and CTLA-4"
    drug = f" With {state['antibody_nM']:g} nM of antibody, {_share(2 * result.state.ctla4_blocked, 2 * state['ctla4'])}" \
           " of CTLA-4 is blocked." if state["antibody_nM"] and state["ctla4"] else ""  # fmt: skip
    if state["pdl1"] and state["cd80"]:
        drug += (
            f" PD-L1 on the same cell holds {_share(result.state.pdl1_in_cis, 2 * state['cd80'])} of CD80."
        )
    elif state["pdl1"]:
        drug += " PD-L1 on the same cell finds no CD80 to hold."
    return (
        f"{result.share:.0f} % of CD28 holds a ligand; without CTLA-4 it would be {without:.0f} %, "
        f"so CTLA-4 takes {lost} {'point' if lost == 1 else 'points'}. {supply} per µm².{drug}"
    )


def _share(part: float, whole: float) -> str:
    return f"{100 * part / whole:.0f} %" if whole else "none"


class SynapsePlot(LivePlot):
    """Left: the share of CD28 engaged against CTLA-4. Right: who holds each kind of molecule, as stacked bars."""

    width, height = 680, 400
    ROWS = ("CD28", "CTLA-4", "CD80", "CD86")

    def build(self):
        self.curve, self.bars = self.figure.subplots(1, 2, width_ratios=(1, 1.08))
        self.margins(left=50, right=16, top=38, bottom=52, wspace=0.3)
        self.curve.set(
            xlim=(0, 250), ylim=(0, 104), xlabel="CTLA-4 (molecules per µm²)", title="CD28 engaged (%)"
        )
        self.before = self.moving(plots.before_line(self.curve))
        self.now = self.moving(plots.now_line(self.curve, palette.CD28.line))
        self.dot = self.moving(plots.now_dot(self.curve, palette.CD28.line))
        self.mark = plots.PredictionMark(self.curve, at=0.98, ha="right")
        self.moving(self.mark.artists)

        self.bars.set(
            xlim=(0, 100),
            ylim=(-0.55, 3.75),
            xlabel="share of binding sites (%)",
            title="Who is bound to whom",
        )
        self.bars.set_yticks(range(4), self.ROWS[::-1])
        self.bars.grid(axis="y", visible=False)
        self.bars.tick_params(axis="y", length=0)
        self.parts = {}
        self.names = {}
        for row, molecule in enumerate(self.ROWS[::-1]):
            for partner, colour in PARTNERS[molecule].items():
                bar = self.bars.barh(
                    row, 0, height=0.5, color=colour.tint, edgecolor=colour.edge, linewidth=1.2
                )[0]
                self.parts[molecule, partner] = self.moving(bar)
                name = self.bars.text(
                    0, row, "", ha="center", va="center", color=colour.edge, fontsize=plots.small()
                )
                self.names[molecule, partner] = self.moving(name)
        beneath = {"color": palette.MUTED, "fontsize": plots.small(), "va": "center"}
        self.counts = [self.moving(self.bars.text(0, row + 0.41, "", **beneath)) for row in range(4)]

    def update(self, result, previous=None, prediction=None):
        self.now.set_data(CTLA4_SWEEP, result.sweep)
        self.dot.set_data([result.state.densities.ctla4], [result.share])
        self.before.set_visible(previous is not None)
        if previous is not None:
            self.before.set_data(CTLA4_SWEEP, previous.sweep)
        self.mark.show(prediction)
        for row, molecule in enumerate(self.ROWS[::-1]):
            count, sites, parts = result.bound[molecule]
            self.counts[row].set_text(f"{count:.0f} per µm²" if count else "none here")
            left = 0.0
            for partner in PARTNERS[molecule]:
                share = 100 * parts[partner] / sites if sites else 0.0
                bar, name = self.parts[molecule, partner], self.names[molecule, partner]
                bar.set(x=left, width=share, visible=share > 0.3)
                name.set(x=left + share / 2, text=partner if share > 5.5 * max(len(partner), 3) / 2 else "")
                left += share


def synapse() -> Explorer:
    """The interactive of segment 2."""
    scarce = {"cd86": 0, "cd80": 105, "cd28": 240, "pdl1": 0}
    plenty = {"cd86": 1140, "cd80": 0, "cd28": 240, "pdl1": 0}
    return Explorer(
        title="Synapse bench",
        compute=contest,
        draw=SynapsePlot,
        controls=[
            Slide("cd86", "CD86", 1140, 0, 1200, 20, unit="per µm²"),
            Slide("ctla4", "CTLA-4", 105, 0, 250, 5, unit="per µm²"),
            Slide("antibody_nM", "Antibody against CTLA-4", 0, values=ANTI_CTLA4_NM, unit="nM"),
            Slide("cd80", "CD80, in pairs", 0, 0, 200, 5, unit="per µm²", advanced=True),
            Slide("cd28", "CD28", 240, 20, 1300, 20, unit="per µm²", advanced=True),
            Slide("pdl1", "PD-L1 on the same cell as CD80", 0, 0, 400, 10, unit="per µm²", advanced=True),
        ],
        presets=[
            Preset("Plentiful: CTLA-4 doubled", {**plenty, "ctla4": 210}, against={**plenty, "ctla4": 105}),
            Preset("Scarce: CD80 only", {**scarce, "ctla4": 210}, against={**plenty, "ctla4": 210}),
            Preset(
                "Scarce, with the antibody",
                {**scarce, "ctla4": 210, "antibody_nM": 100},
                against={**scarce, "ctla4": 210},
            ),
            Preset("Whole-cell estimate", {"cd86": 960, "ctla4": 55, "cd80": 90, "cd28": 1220}),
        ],
        prediction="02.Q10",
        sentence=contest_sentence,
        alt="Two panels. Left, a curve: the share of CD28 that holds a ligand, falling as CTLA-4 rises. Right, four "
        "stacked bars: who holds the binding sites of CD28, CTLA-4, CD80 and CD86.",
        explain=(
            "CTLA-4 grips CD80 ten times more tightly in every setting. Why does it win in one and not in the other?",
            "A tight grip decides only when there is too little to go round. With CD80 alone, two kinds of receptor "
            "compete for the same few sites, and CTLA-4, with two arms and a tighter grip, takes nearly all of them. "
            "With plenty of CD86 there are more sites than takers. CTLA-4 fills up, and CD28 still finds a free one.",
        ),
        vary=Task(
            "Start from <em>Scarce: CD80 only</em>. How little antibody brings at least 60 % of CD28 back to work?",
            lambda state, result: (
                state["cd86"] == 0
                and state["ctla4"] >= 200
                and state["cd80"] <= 110
                and state["antibody_nM"] > 0
                and 60 <= result.share < 68
            ),
        ),
        limits=[
            "Binding only, at rest, in a fixed area. Real CTLA-4 also pulls CD80 and CD86 off the other cell, and most of "
            "it waits inside the cell.",
            "Densities are estimates: counts from one synapse, spread over the whole cell. Single CD80 that leave their "
            "dimer bind PD-L1 on the same membrane and nothing else here.",
            "How much faster the antibody's second arm finds a receptor is a guess in the model we follow (100 times).",
        ],
        tag="Model · equilibrium of the binding reactions, affinities van der Merwe 1997, Collins 2002, Jansson 2005",
        sources=("vanderMerwe1997", "Collins2002", "Jansson2005", "Wang2021"),
    )


# How much of a blocked brake is released?

CONC_SCALE = tuple(
    float(f"{value:.3g}") for value in np.geomspace(0.01, 1000, 241)
)  # mg/L, 48 steps a decade
DEFAULT_MASS_KDA = 146.0  # a typical IgG, where no label was at hand
OCCUPANCY_GRID = np.concatenate([np.linspace(0, 0.9, 46), np.linspace(0.902, 1, 50)])


@dataclass(frozen=True)
class Release:
    """A blocked brake. Shares in percent; ``by_conc`` over CONC_SCALE, ``by_occupancy`` over OCCUPANCY_GRID."""

    conc_mg_L: float
    occupancy: float
    released: float
    engaged_um2: float
    engaged_before_um2: float
    half_at: float | None
    by_conc: np.ndarray
    by_occupancy: np.ndarray


@dataclass(frozen=True)
class Brake:
    """PD-1 and its ligands between two membranes (molecules/µm²), and whether the drug sits on PD-1 or on PD-L1."""

    pd1: float
    pdl1: float
    pdl2: float
    target: str

    def engaged(self, occupied):
        """PD-1 that holds a ligand when this fraction of the target holds drug; number or array."""
        on_pd1, on_pdl1 = (occupied, 0.0) if self.target == "PD-1" else (0.0, occupied)
        kd = {pair: binding.kd_2d(tables.affinity(f"PD-1:{pair}").kd_uM) for pair in ("PD-L1", "PD-L2")}
        state = binding.pd1_engagement(
            self.pd1, self.pdl1 * (1 - on_pdl1), self.pdl2, kd["PD-L1"], kd["PD-L2"], occupancy=on_pd1
        )
        return state.engaged


def release(conc_mg_L: float, arms: str, antibody: str, pdl1_times: float, pdl2_percent: float) -> Release:
    """How much of the PD-1 brake an antibody releases at a concentration.

    ``pdl1_times`` multiplies the tumour cell's PD-L1; ``pdl2_percent`` is PD-L2 per 100 PD-L1.
    """
    density = tables.surface_densities()
    drug, facts = tables.antibody_affinity(antibody), tables.antibody_facts(antibody)
    pdl1 = density["PD-L1"] * pdl1_times
    brake = Brake(density["PD-1"], pdl1, pdl1 * pdl2_percent / 100, drug.target)
    crowd = brake.pd1 if drug.target == "PD-1" else brake.pdl1

    def held(conc):
        nM = binding.nM_from_mg_per_L(conc, facts.mass_kDa or DEFAULT_MASS_KDA)
        if arms == "one":
            return binding.occupancy(nM, drug.kd_nM)
        return binding.bivalent_occupancy(nM, drug.kd_nM, density_um2=crowd)

    occupied = float(held(conc_mg_L))
    engaged = brake.engaged(
        np.array([0.0, occupied, *OCCUPANCY_GRID])
    )  # at once: six times faster than one by one
    inhibition = binding.pd1_inhibition(engaged)
    _, released, *by_occupancy = 100 * (1 - inhibition / inhibition[0])
    by_occupancy = np.array(by_occupancy)
    return Release(
        conc_mg_L=conc_mg_L,
        occupancy=100 * occupied,
        released=float(released),
        engaged_um2=float(engaged[1]),
        engaged_before_um2=float(engaged[0]),
        half_at=100 * float(np.interp(50, by_occupancy, OCCUPANCY_GRID)) if by_occupancy[-1] >= 50 else None,
        by_conc=100 * held(np.array(CONC_SCALE)),
        by_occupancy=by_occupancy,
    )


def release_sentence(state: dict, result: Release) -> str:
    """Occupancy, what is still engaged, and what is released."""
    target = tables.antibody_affinity(state["antibody"]).target
    half = (
        f"Half of the brake is off at {result.half_at:.0f} % occupied."
        if result.half_at is not None
        else f"Blocking {target} alone never releases half of it: PD-L2 still holds PD-1."
    )
    return (
        f"{plots.percent(result.occupancy)} of {target} holds {state['antibody']}. "
        f"{result.engaged_um2:.1f} PD-1 per µm² are still engaged, of {result.engaged_before_um2:.0f} without the drug, "
        f"so {plots.percent(result.released)} of the brake is released. {half}"
    )


class BrakePlot(LivePlot):
    """Left: occupancy against concentration. Right: brake released against occupancy."""

    width, height = 680, 390

    def build(self):
        self.held, self.free = self.figure.subplots(1, 2)
        self.margins(left=50, right=16, top=38, bottom=54, wspace=0.24)
        self.held.set(
            xscale="log", xlim=(CONC_SCALE[0], CONC_SCALE[-1]), ylim=(0, 104), title="Target occupied (%)"
        )
        self.held.set_xlabel("drug (mg/L)")
        self.held.xaxis.set_major_formatter(lambda value, _: f"{value:g}")
        self.free.set(
            xlim=(0, 100.5), ylim=(0, 104), xlabel="target occupied (%)", title="Brake released (%)"
        )
        self.free.plot([0, 100], [0, 100], color=palette.MUTED, linewidth=1.2)
        self.free.text(47, 52, "if it were in proportion", rotation=40, ha="center", va="bottom", color=palette.MUTED,
                       fontsize=plots.small(), rotation_mode="anchor")  # fmt: skip
        self.before_held = self.moving(plots.before_line(self.held))
        self.now_held = self.moving(plots.now_line(self.held, palette.ANTIBODY.line))
        self.dot_held = self.moving(plots.now_dot(self.held, palette.ANTIBODY.line))
        self.before_free = self.moving(plots.before_line(self.free))
        self.now_free = self.moving(plots.now_line(self.free, palette.PD1.line))
        self.dot_free = self.moving(plots.now_dot(self.free, palette.PD1.line))
        self.mark = plots.PredictionMark(self.free)
        self.moving(self.mark.artists)

    def update(self, result, previous=None, prediction=None):
        self.now_held.set_data(CONC_SCALE, result.by_conc)
        self.dot_held.set_data([result.conc_mg_L], [result.occupancy])
        self.now_free.set_data(100 * OCCUPANCY_GRID, result.by_occupancy)
        self.dot_free.set_data([result.occupancy], [result.released])
        for line in (self.before_held, self.before_free):
            line.set_visible(previous is not None)
        if previous is not None:
            self.before_held.set_data(CONC_SCALE, previous.by_conc)
            self.before_free.set_data(100 * OCCUPANCY_GRID, previous.by_occupancy)
        self.mark.show(prediction)


def spare_brake() -> Explorer:
    """The interactive of segment 3."""
    names = {
        name: f"{name} (against {tables.antibody_affinity(name).target})"
        for name in (
            "pembrolizumab",
            "nivolumab",
            "cemiplimab",
            "dostarlimab",
            "atezolizumab",
            "durvalumab",
            "avelumab",
        )
    }

    def occupied(share: float) -> float:
        """The step of the slider at which one arm of pembrolizumab holds this share of PD-1."""
        nM = tables.antibody_affinity("pembrolizumab").kd_nM * share / (1 - share)
        return nearest(
            CONC_SCALE, binding.mg_per_L_from_nM(nM, tables.antibody_facts("pembrolizumab").mass_kDa)
        )

    return Explorer(
        title="The spare brake",
        compute=release,
        draw=BrakePlot,
        controls=[
            Slide("conc_mg_L", "Drug", occupied(0.3), values=CONC_SCALE, unit="mg/L"),
            Pick("arms", "The antibody binds with", "one", {"one": "one arm", "two": "two arms"}),
            Slide(
                "pdl1_times",
                "PD-L1 on the tumour cell",
                1.0,
                values=(0.1, 0.25, 0.5, 1.0, 2.0, 4.0, 6.0),
                unit="times",
            ),
            Pick("antibody", "Antibody", "pembrolizumab", names, style="select", advanced=True),
            Slide("pdl2_percent", "PD-L2 for 100 PD-L1", 7.0, 0.0, 50.0, 1.0, advanced=True),
        ],
        presets=[
            Preset("70 % occupied", {"conc_mg_L": occupied(0.7)}),
            Preset("95 % occupied", {"conc_mg_L": occupied(0.95)}),
            Preset(
                "95 %, PD-L1 six times up",
                {"conc_mg_L": occupied(0.95), "pdl1_times": 6.0},
                against={"conc_mg_L": occupied(0.95)},
            ),
            Preset(
                "Two arms", {"conc_mg_L": occupied(0.7), "arms": "two"}, against={"conc_mg_L": occupied(0.7)}
            ),
        ],
        prediction="02.Q11",
        sentence=release_sentence,
        alt="Two panels. Left, the share of the target that holds drug against its concentration on a log axis, an S-shaped "
        "curve. Right, the share of the brake released against the share occupied: flat until about 90 %, then steep.",
        explain=(
            "At <em>70 % occupied</em> most of PD-1 holds drug. Why is the brake still nearly full on?",
            "Few engaged PD-1 are enough to brake: in this model six per µm² already do half of the job, and without the "
            "drug there are more than a hundred. Block two thirds of PD-1 and plenty are left. These are <em>spare receptors</em>. "
            "Release begins when the engaged ones fall towards six, which needs nearly all of PD-1 to be held.",
        ),
        vary=Task(
            "IFN-γ has raised PD-L1 six times. With one arm, how many mg/L are needed to release half of the brake again?",
            lambda state, result: (
                state["pdl1_times"] == 6.0 and state["arms"] == "one" and 50 <= result.released < 60
            ),
        ),
        limits=[
            "The six engaged PD-1 per µm² that brake by half are an assumption of the model we follow, not a measurement. "
            "The shape is the lesson, not the digits.",
            "Two arms that always find two receptors are the upper limit, one arm the lower. Cells lie between.",
            "Concentration here is at the T cell. Inside a tumour it is lower than in blood.",
        ],
        tag="Model · PD-1 binding with affinities of Cheng 2013 and Brown 2020, densities of Wang 2021",
        sources=("Cheng2013", "Brown2020", "Wang2021"),
    )


# What do a dose and a schedule do?

HORIZONS_WEEKS = {
    6: 1,
    12: 2,
    24: 4,
    36: 6,
    48: 8,
    52: 13,
    78: 13,
    104: 26,
    156: 26,
    312: 52,
    624: 104,
}  # and the weeks between ticks
CEILINGS_MG_L = (1, 2, 5, 10, 20, 50, 100, 150, 200, 300, 400, 600, 800, 1200, 1600, 2500, 4000, 6000, 10000)


def ceiling(steps, value: float) -> float:
    """The first step that is not below a value: axes grow in steps, so that they stay still while comparing."""
    return next((step for step in steps if step >= value), max(steps))


PATIENTS = 100
SEED = 2017
BAND_STRIDE = 2  # every second point of the curve will do for the band; start and end of every dose are kept


@dataclass(frozen=True)
class Treatment:
    """A drug under a regimen. ``band`` holds weeks, and the 5th and 95th of 100 simulated patients (or the typical
    one twice) in mg/L.

    C_max, C_avg and C_min are those of the last interval; ``occupancy`` (percent) is empty where the table has no K_D.
    """

    weeks: np.ndarray
    conc_mg_L: np.ndarray
    band: tuple[np.ndarray, np.ndarray, np.ndarray]
    occupancy: np.ndarray
    last: pharmacokinetics.Exposure
    weeks_last: float
    lowest: float
    ignored: tuple[str, ...]

    @property
    def top(self) -> float:
        """What the axis must hold, in mg/L."""
        return 1.06 * max(self.conc_mg_L.max(), self.band[-1].max())

    @property
    def lowest_occupancy(self) -> float:
        """The least share of the target that holds drug in the last interval, in percent; NaN without a K_D."""
        return self.lowest if len(self.occupancy) else np.nan


@lru_cache(maxsize=256)
def treat(
    antibody: str, dose_mg: float, interval_weeks: float, n_doses: int, dose_mg_per_kg: float, weight_kg: float,
    albumin_g_L: float, sex: str, patients: str,
) -> Treatment:  # fmt: skip
    """A patient under a regimen, with the spread of 100 simulated patients beside.

    A ``dose_mg_per_kg`` above 0 replaces ``dose_mg``. Traits that the drug's study did not keep as covariates are
    left out and named in ``ignored``.
    """
    published = tables.antibody(antibody)
    known = {"weight_kg", *published.covariate_names}
    traits = {"weight_kg": weight_kg, "albumin_g_L": albumin_g_L, "female": float(sex == "woman")}
    usable = {n: v for n, v in traits.items() if n in known or (n == "female" and "male" in known)}
    patient = published.for_patient(**usable)
    dose = {"dose_mg_per_kg": dose_mg_per_kg} if dose_mg_per_kg else {"dose_mg": dose_mg}
    plan = pharmacokinetics.Regimen(interval_d=7 * interval_weeks, n_doses=int(n_doses), **dose)
    course = pharmacokinetics.simulate(patient, plan)
    some = course.times_d[::BAND_STRIDE]
    edges = _spread(patient, plan, some) if patients == "shown" else (course.conc_mg_L[::BAND_STRIDE],) * 2
    return Treatment(
        weeks=course.times_d / 7,
        conc_mg_L=course.conc_mg_L,
        band=(some / 7, *edges),
        occupancy=_occupied(antibody, course.conc_mg_L),
        last=course.exposure(),
        weeks_last=course.dose_times_d[-1] / 7,
        lowest=float(_occupied(antibody, np.array([course.exposure().c_min_mg_L]))[:1].sum()),
        ignored=tuple(sorted(set(traits) - set(usable))),
    )


def _spread(patient, plan, times_d):
    """The 5th and 95th percentile of patients who are alike in their traits and differ as the study found."""
    many = pharmacokinetics.population(patient, plan, n=PATIENTS, seed=SEED, times_d=times_d)
    return np.percentile(many.conc_mg_L, [5, 95], axis=0)


def _occupied(antibody: str, conc_mg_L: np.ndarray) -> np.ndarray:
    """One-armed occupancy in percent; empty where the table has no K_D for this drug."""
    try:
        drug = tables.antibody_affinity(antibody)
    except ValueError:
        return np.array([])
    mass_kDa = tables.antibody_facts(antibody).mass_kDa or DEFAULT_MASS_KDA
    return 100 * binding.occupancy(binding.nM_from_mg_per_L(conc_mg_L, mass_kDa), drug.kd_nM)


TRAITS = {"weight_kg": "weight", "albumin_g_L": "albumin", "female": "sex"}


def treatment_sentence(state: dict, result: Treatment) -> str:
    """Dose and schedule, the three numbers of the last interval, and the lowest occupancy in it."""
    dose = f"{state['dose_mg_per_kg']:g} mg/kg" if state["dose_mg_per_kg"] else f"{state['dose_mg']:g} mg"
    last = result.last
    when = f"in the last of {state['n_doses']:g} intervals" if state["n_doses"] > 1 else "after the only dose"
    words = (
        f"{dose} of {state['antibody']} every {plots.plural(state['interval_weeks'], 'week')}: {when} "
        f"it swings between {plots.number(last.c_max_mg_L)} and {plots.number(last.c_min_mg_L)} mg/L, "
        f"with an average of {plots.number(last.c_avg_mg_L)}."
    )
    if state["patients"] == "shown":
        low, high = (edge[-1] for edge in result.band[1:])
        words += f" At its end 90 of {PATIENTS} simulated patients have {plots.number(low, 2)} to {plots.number(high, 2)} mg/L."
    if len(result.occupancy):
        words += f" At the lowest point {plots.percent(result.lowest_occupancy)} of its target holds drug."
    moved = [name for name, start in (("weight_kg", 76.8), ("albumin_g_L", 39.6), ("female", "man"))
             if state.get(name, state["sex"]) != start and name in result.ignored]  # fmt: skip
    if moved:
        words += f" In this drug's model, {' and '.join(TRAITS[name] for name in moved)} changes nothing: its study kept no such term."
    return words


class RegimenPlot(LivePlot):
    """Concentration above, occupancy below, on one time axis in weeks."""

    width, height = 680, 470

    def build(self):
        self.conc, self.held = self.figure.subplots(2, 1, sharex=True, height_ratios=(2.3, 1))
        self.margins(left=70, right=102, top=16, bottom=52, hspace=0.16)
        self.conc.set_ylabel("drug in plasma (mg/L)")
        self.held.set(
            ylabel="target held (%)", xlabel="weeks since the first dose", ylim=(0, 105), yticks=[0, 50, 100]
        )
        self.band = self.moving(
            self.conc.fill_between([], [], [], color=palette.NOW, alpha=0.16, linewidth=0)
        )
        self.before = self.moving(plots.before_line(self.conc))
        self.now = self.moving(plots.now_line(self.conc))
        self.average = self.moving(self.conc.plot([], [], color=palette.INK, linewidth=1.6, zorder=5)[0])
        self.before_held = self.moving(plots.before_line(self.held))
        self.now_held = self.moving(plots.now_line(self.held, palette.ANTIBODY.line))
        beside = self.conc.get_yaxis_transform()
        # Names are set as mathematics, which is slow to lay out: they stay as they are, and only plain numbers change.
        self.words = {
            name: self.moving(
                self.conc.text(1.015, 0, plots.subscript(name), transform=beside, va="center"),
                self.conc.text(1.145, 0, "", transform=beside, ha="right", va="center"),
            )
            for name in ("C_max", "C_avg", "C_min")
        }
        middle = {"transform": self.held.transAxes, "ha": "center", "va": "center", "color": palette.MUTED}
        self.unknown = self.moving(self.held.text(0.5, 0.5, "", **middle))
        self.mark = plots.PredictionMark(self.conc)
        self.moving(self.mark.artists)

    def update(self, result, previous=None, prediction=None):
        runs = [result] if previous is None else [result, previous]
        self._fit(ceiling(HORIZONS_WEEKS, max(run.weeks[-1] for run in runs) - 0.01),
                  ceiling(CEILINGS_MG_L, max(run.top for run in runs)))  # fmt: skip
        self.now.set_data(result.weeks, result.conc_mg_L)
        self.band.set_data(*result.band)
        self.average.set_data([result.weeks_last, result.weeks[-1]], [result.last.c_avg_mg_L] * 2)
        self.now_held.set_data(*_pair(result))
        self.unknown.set_text("" if len(result.occupancy) else "no measured K_D in our table")
        for line in (self.before, self.before_held):
            line.set_visible(previous is not None)
        if previous is not None:
            self.before.set_data(previous.weeks, previous.conc_mg_L)
            self.before_held.set_data(*_pair(previous))
        last = result.last
        self._name({"C_max": last.c_max_mg_L, "C_avg": last.c_avg_mg_L, "C_min": last.c_min_mg_L})
        self.mark.show(prediction)

    def _fit(self, weeks: float, mg_L: float) -> None:
        """Grow or shrink the axes in steps; they stay still while curves are compared."""
        if (weeks, mg_L) != (self.conc.get_xlim()[1], self.conc.get_ylim()[1]):
            self.conc.set(xlim=(0, weeks), ylim=(0, mg_L))
            self.held.set_xticks(np.arange(0, weeks + 1, HORIZONS_WEEKS[weeks]))
            self.axes_are(weeks, mg_L)

    def _name(self, values: dict[str, float]) -> None:
        """Write the three numbers beside the right edge, at their heights, pushed apart where they would touch."""
        gap = 0.075 * self.conc.get_ylim()[1] * self.scale
        heights = plots.spread(list(values.values()), gap)
        for (name, value), height in zip(values.items(), heights, strict=True):
            words, number = self.words[name]
            number.set_text(plots.number(value))
            words.set_y(height)
            number.set_y(height)


def _pair(run: Treatment):
    """Weeks and occupancy, or nothing to draw."""
    return (run.weeks, run.occupancy) if len(run.occupancy) else ([], [])


def regimen() -> Explorer:
    """The interactive of segment 4."""
    names = tables.antibodies("checkpoint") + tables.antibodies("other")
    drugs = {name: f"{name} (against {tables.antibody_facts(name).target})" for name in names}

    def plan(antibody: str, dose_mg: float, interval_weeks: int) -> dict:
        return {
            "antibody": antibody,
            "dose_mg": dose_mg,
            "interval_weeks": interval_weeks,
            "n_doses": 48 // interval_weeks,
        }

    q3w, q6w = plan("pembrolizumab", 200, 3), plan("pembrolizumab", 400, 6)
    q2w, q4w = plan("nivolumab", 240, 2), plan("nivolumab", 480, 4)
    return Explorer(
        title="Regimen explorer",
        compute=treat,
        draw=RegimenPlot,
        controls=[
            Pick("antibody", "Antibody", "pembrolizumab", drugs, style="select"),
            Slide("dose_mg", "Dose", 200, 0, 2000, 10, unit="mg"),
            Slide("interval_weeks", "One dose every", 3, 1, 12, 1, unit="weeks"),
            Slide("n_doses", "Number of doses", 16, 1, 52, 1, advanced=True),
            Slide(
                "dose_mg_per_kg",
                "Dose per kilogram instead (0: the dose above)",
                0.0,
                0.0,
                20.0,
                0.5,
                unit="mg/kg",
                advanced=True,
            ),
            Slide("weight_kg", "Body weight", 76.8, 40.0, 160.0, 0.4, unit="kg", advanced=True),
            Slide("albumin_g_L", "Albumin in blood", 39.6, 20.0, 56.0, 0.4, unit="g/L", advanced=True),
            Pick("sex", "Sex", "man", {"man": "man", "woman": "woman"}, advanced=True),
            Pick(
                "patients",
                "100 simulated patients",
                "shown",
                {"shown": "shown", "hidden": "hidden"},
                advanced=True,
            ),
        ],
        presets=[
            Preset("200 mg every 3 weeks", q3w),
            Preset("400 mg every 6 against 200 every 3", q6w, against=q3w),
            Preset("480 mg every 4 against 240 every 2", q4w, against=q2w),
            Preset("Twice the dose", q3w | {"dose_mg": 400}, against=q3w),
        ],
        prediction="02.Q12",
        tests_prediction=1,
        sentence=treatment_sentence,
        alt="Two panels over weeks. Above, the drug's concentration: a saw-tooth that climbs to a steady level, with a pale "
        "band for 90 of 100 simulated patients. Below, the share of the target that holds drug.",
        explain=(
            "Twice the dose at twice the interval. What stayed, what moved, and does the lower panel care?",
            "C_avg at steady state is dose / (clearance × interval), so it stays. The peak rises, because one dose is larger. "
            "The trough falls, because there is more time to clear it. The lower panel hardly moves: both schedules stay "
            "far above the K_D, where occupancy has levelled off. Even so, the spare brake of segment 3 would release 76 "
            "against 63 % at the two troughs. Its threshold is an assumption, and no trial has shown such a step. Exposure "
            "in blood is not a trial of who lives longer.",
        ),
        vary=Task(
            "In the model only: keep 200 mg of pembrolizumab and stretch the interval. After how many weeks does less than 90 % of PD-1 hold drug "
            "at the lowest point?",
            lambda state, result: (
                state["antibody"] == "pembrolizumab"
                and state["dose_mg"] == 200
                and not state["dose_mg_per_kg"]
                and 88 < result.lowest_occupancy < 90
            ),
        ),
        limits=[
            "A typical patient, and patients who differ in clearance and volume only as the study found. No antibodies "
            "against the drug, no tumour compartment. For some drugs clearance falls over months; only models that "
            "include this show it.",
            "Occupancy uses the one-armed formula and the concentration in blood. It is a lower limit in blood and says "
            "little about the inside of a tumour.",
            f"The 100 patients share one seed ({SEED}), so that two settings differ by the setting alone. This is a "
            "teaching model, not a tool for dosing anyone.",
        ],
        tag=lambda state: f"Model · two compartments, {tables.antibody(state['antibody']).study}",
        sources=("Ahamadi2017", "Bajaj2017", "Feng2014", "Brown2020"),
    )


# Beyond two brakes: the trials

TARGET_COLOURS = {
    "LAG-3": palette.LAG3,
    "IDO1": palette.CYTOKINE,
    "TIGIT": palette.PD1,
    "TIM-3": palette.PDL2,
}


def beyond() -> HTML:
    """Randomised trials that added a drug against a further brake: hazard ratio, interval, and patients."""
    trials = tables.checkpoint_trials()
    shown = trials[trials.hazard_ratio.notna()].reset_index(drop=True)
    with plots.plot_style():
        height = 0.46 * len(shown) + 0.75
        figure = Figure(figsize=(9.2, height), dpi=200)
        FigureCanvasAgg(figure)
        axes = figure.subplots()
        figure.subplots_adjust(left=0.36, right=0.755, top=1 - 0.05 / height, bottom=0.62 / height)
        plots.forest(
            axes,
            labels=[f"{row.drug.split()[0]} ({row.target}) · {row.trial}\n{row.endpoint}" for row in shown.itertuples()],
            estimate=shown.hazard_ratio, low=shown.ci_low, high=shown.ci_high,
            colours=[TARGET_COLOURS[target].line for target in shown.target],
            notes=[trial_note(row) for row in shown.itertuples()],
        )  # fmt: skip
        axes.set_xlim(0.34, 1.6)
        axes.set_xticks([0.4, 0.6, 0.8, 1.0, 1.5], ["0.4", "0.6", "0.8", "1", "1.5"])
        axes.minorticks_off()
        axes.set_xlabel("hazard ratio   (← the added drug does better · worse →)")
        figure.canvas.draw()
        png = encode_png(figure.canvas)
    met = trials[trials.primary_met == "yes"].trial.unique()
    uneven = trials[trials.partner != trials.control].trial.unique()
    sentence = (
        f"{len(met)} of {trials.trial.nunique()} trials met a main end point: {' and '.join(met)}. In {len(uneven)} the arms "
        f"differ in more than the added drug ({'; '.join(uneven)}). A point without a line: no interval in our table."
    )
    stopped = " ".join(
        f"{row.trial} ({row.target}): {row.note}" for row in trials[trials.hazard_ratio.isna()].itertuples()
    )
    alt = "Forest plot, one row a result: " + "; ".join(
        f"{row.trial}, {row.drug}, {row.endpoint}: {row.hazard_ratio:g}, {trial_note(row)}"
        for row in shown.itertuples()
    )
    caption = f"{sentence} Without a hazard ratio in the report: {stopped}"
    return lecture.html(
        static_figure(png, alt=alt, caption=caption, tag="Data · randomised trials, as reported", width=920)
    )


def trial_note(row) -> str:
    """Patients, and what kind of report it is."""
    patients = f"n = {row.n_total}"
    kind = [] if row.reported == "peer-reviewed" else [row.reported]
    kind += ["no test"] if row.primary_met == "descriptive" else []
    return ", ".join([patients, *kind])


# Published against this model


def published_against_model() -> HTML:
    """A table: what studies and labels print, what this code gives from the study's parameters, and why they part."""
    head = "<tr><th scope='col' style='text-align:left'>Quantity</th><th scope='col' style='text-align:left'>Published</th><th scope='col' style='text-align:left'>This model</th><th scope='col' style='text-align:left'>Why</th></tr>"
    rows = "".join(_compared(*row) for row in _comparisons())
    return lecture.html(
        "<table class='il-table'><caption style='text-align:left'><strong>Data and model</strong> · published exposure of three "
        f"antibodies beside the same quantity computed here</caption><thead>{head}</thead><tbody>{rows}</tbody></table>"
    )


def _comparisons():
    """Rows as (drug, metric, regimen, computed text, reason); the published number is looked up in the table."""
    pembrolizumab, nivolumab = tables.antibody("pembrolizumab"), tables.antibody("nivolumab")
    ipilimumab = tables.antibody("ipilimumab")

    def every(weeks, **dose):
        return pharmacokinetics.Regimen(interval_d=7 * weeks, n_doses=4, **dose)

    q3w = pharmacokinetics.steady_state(pembrolizumab, every(3, dose_mg=200))
    per_kg = pharmacokinetics.steady_state(pembrolizumab, every(3, dose_mg_per_kg=2))
    q6w = pharmacokinetics.steady_state(pembrolizumab, every(6, dose_mg=400))
    half_life = pharmacokinetics.half_lives(pembrolizumab)[1]
    late = {sex: pharmacokinetics.half_lives(nivolumab.for_patient(male=male), late=True)[1]
            for sex, male in (("woman", 0), ("man", 1))}  # fmt: skip
    ipi_course = pharmacokinetics.simulate(ipilimumab, every(3, dose_mg_per_kg=3))
    ipi_gain = ipi_course.after_dose(4).auc_mg_d_L / ipi_course.after_dose(1).auc_mg_d_L
    half = "terminal half-life"
    return [
        ("pembrolizumab", half, "Ahamadi2017", f"{half_life:.1f} d",
         "The typical values printed in the same paper give this. A typical patient is not the average of all patients."),
        ("pembrolizumab", half, "KeytrudaLabel", f"{half_life:.1f} d",
         "The label's newer model lets clearance fall over time, and rests on {row.n} patients."),
        ("pembrolizumab", "AUC over 6 weeks at steady state", "200 mg every 3 weeks", f"{2 * q3w.auc_mg_d_L:.0f} mg·d/L",
         "The typical patient against the mean of {row.n}, who differ by {row.cv_percent:g} %."),
        ("pembrolizumab", "AUC over 6 weeks at steady state", "2 mg/kg every 3 weeks", f"{2 * per_kg.auc_mg_d_L:.0f} mg·d/L",
         "At the study's reference weight of 76.8 kg."),
        ("pembrolizumab", "accumulation of AUC", "KeytrudaLabel", f"{q3w.accumulation:.2f}", "Agrees."),
        ("pembrolizumab", "C_avg at steady state over that of 200 mg every 3 weeks", "400 mg every 6 weeks",
         f"{q6w.c_avg_mg_L / q3w.c_avg_mg_L:.2f}", "Equal by construction here: the same dose per day. Published is a ratio of geometric means."),
        ("nivolumab", half, "Bajaj2017", f"{late['woman']:.1f} d (woman), {late['man']:.1f} d (man)",
         "The {row.n} patients' own values spread by {row.cv_percent:g} %. Ours are two typical patients, after clearance has fallen."),
        ("ipilimumab", half, "Feng2014", f"{pharmacokinetics.half_lives(ipilimumab)[1]:.1f} d", "The same study's typical patient."),
        ("ipilimumab", "accumulation of AUC", "Feng2014", f"{ipi_gain:.2f}", "The fourth dose over the first."),
    ]  # fmt: skip


def _compared(drug: str, metric: str, which: str, computed: str, reason: str) -> str:
    """One row; ``which`` names the source or the regimen of the published number."""
    rows = tables.published_exposures(drug)
    found = rows[(rows.metric == metric) & ((rows.source == which) | (rows.regimen == which))].iloc[0]
    unit = "" if found.unit == "1" else " " + found.unit.replace("mg d/L", "mg·d/L")
    regimen = "" if found.regimen == "any" else f", {found.regimen}"
    cells = [
        f"{drug}: {metric}{regimen}",
        f"{found.value:g}{unit} <small>({html.escape(cite(found.source))})</small>",
        computed,
        reason.format(row=found),
    ]
    first, *others = (cell.replace("C_avg", "C<sub>avg</sub>") for cell in cells)
    return f"<tr><th scope='row' style='text-align:left'>{first}</th>" + "".join(
        f"<td style='text-align:left'>{cell}</td>" for cell in others
    ) + "</tr>"  # fmt: skip
