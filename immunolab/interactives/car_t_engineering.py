"""Lesson 06: what a learner can move.

``builder()`` puts a receptor together from parts, ``sight()`` asks what three kinds of T cell can see, ``copies()`` how
many genes a vector leaves in each cell, and ``grip()`` how much antigen is enough. ``products()`` and ``gates()`` are tables.
"""

import html
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import NamedTuple

import numpy as np
from IPython.display import HTML

from immunolab import tables
from immunolab.draw import palette, plots
from immunolab.draw.glyphs import (
    DOWN,
    MEMBRANE,
    UP,
    antigen_a,
    bilayer,
    bind,
    car,
    draw_car,
    pmhc,
    tcr,
)
from immunolab.draw.live import LivePlot, LiveScene
from immunolab.draw.scene import Scene
from immunolab.interactives.explorer import Explorer, Pick, Preset, Slide, Task, nearest, steps
from immunolab.interactives.page import table
from immunolab.models import antigen_gate, transduction

# A receptor from parts


@dataclass(frozen=True)
class Binder:
    """A binder to choose: what it holds, how it is drawn, its words, and its name in the table of products."""

    target: str | None
    shape: str | None
    words: str
    in_table: str | None


NONE = "none"
BINDERS = {
    "FMC63": Binder("CD19", "scFv", "scFv, holds CD19", "mouse scFv (FMC63)"),
    "CAT": Binder("CD19", "scFv", "scFv, holds CD19, lets go fast", "mouse scFv that lets go fast (CAT)"),
    "BCMA scFv": Binder("BCMA", "scFv", "scFv, holds BCMA", "mouse scFv"),
    "BCMA VHH": Binder("BCMA", "VHH2", "two camelid binders, hold BCMA", "two camelid single-domain binders"),
    NONE: Binder(None, None, "left out: sees nothing", None),
}
COSTIMULATION = {"CD28": ("CD28",), "4-1BB": ("4-1BB",), "both": ("CD28", "4-1BB"), NONE: ()}
TEMPO = {"CD28": "fast and strong", "4-1BB": "slower and longer"}
PART_WORDS = {"transmembrane": "transmembrane domain", "costimulation": "costimulatory domain"}
GENERATIONS = {0: "First generation", 1: "Second generation", 2: "Third generation"}


@dataclass(frozen=True)
class Receptor:
    """A receptor put together from parts, as the keys of the choices above."""

    binder: str
    costimulation: str
    zeta: str
    hinge: str
    transmembrane: str

    @property
    def generation(self) -> str | None:
        """Counted by its costimulatory domains; None for a receptor that is no CAR."""
        if NONE in (self.binder, self.zeta):
            return None
        return GENERATIONS[len(COSTIMULATION[self.costimulation])]

    @property
    def products(self) -> tuple[str, ...]:
        """Approved products with these parts."""
        parts = {"hinge": self.hinge, "transmembrane": self.transmembrane}
        return self._approved(**parts) if self.generation == GENERATIONS[1] else ()

    @property
    def relatives(self) -> tuple[str, ...]:
        """Approved products that differ in hinge or transmembrane domain only."""
        return () if self.products or self.generation != GENERATIONS[1] else self._approved()

    def _approved(self, **more: str) -> tuple[str, ...]:
        binder = BINDERS[self.binder]
        return tuple(
            tables.matching_products(
                binder.target, binder=binder.in_table, costimulation=self.costimulation, signal="CD3ζ", **more
            )
        )


def unconfirmed(product: str) -> list[str]:
    """The parts of a product that no primary source at hand prints, in words."""
    parts = tables.car_product(product).parts
    return [PART_WORDS.get(name, name) for name, part in parts.items() if not part.confirmed]


def receptor_sentence(state: dict, result: Receptor) -> str:
    """What the receptor is, what it does or lacks, and which product has it."""
    told = f"{result.generation}. " if result.generation else "No working CAR. "
    return told + " ".join([*_deeds(result), *_approval(result)])


def _deeds(receptor: Receptor) -> list[str]:
    """What the receptor does, or why it does not."""
    binder, domains = BINDERS[receptor.binder], COSTIMULATION[receptor.costimulation]
    if binder.target is None:
        return ["Without a binder nothing on a tumour cell is held, so no signal begins."]
    if receptor.zeta == NONE:
        return [
            f"It binds {binder.target}, but without CD3ζ no attack starts: a costimulatory domain sustains what CD3ζ has begun."
            if domains
            else f"It binds {binder.target} and signals nothing: the cell holds on and does not attack."
        ]
    starts = f"It binds {binder.target}, and CD3ζ starts the attack."
    if not domains:
        return [starts, "Nothing sustains it: such cells faded early in patients."]
    if len(domains) == 2:
        return [starts, "CD28 and 4-1BB both sustain it; more signal can also wear a cell out sooner."]
    return [starts, f"{domains[0]} sustains it: {TEMPO[domains[0]]}."]


def _approval(receptor: Receptor) -> list[str]:
    """Approved products with these parts, and what of them is not confirmed."""
    if receptor.products:
        told = [f"Approved with these parts: {' and '.join(receptor.products)}."]
        for product in receptor.products:
            if parts := unconfirmed(product):
                told.append(f"For {product}, no primary source at hand prints the {' and the '.join(parts)}.")
        return told
    if receptor.relatives:
        differ = "differs" if len(receptor.relatives) == 1 else "differ"
        near = f"{' and '.join(receptor.relatives)} {differ} in hinge or transmembrane domain"
        return [f"No approved product has exactly these parts; {near}."]
    return ["No approved product has these parts."] if receptor.generation else []


class ReceptorScene(LiveScene):
    """The receptor in its membrane, with its target above, its parts named, and its generation."""

    WIDTH, HEIGHT = width, height = 680, 450
    WORDS_AT = 0.59 * WIDTH  # where draw_car begins its labels

    def shows(self, result, previous=None, prediction=None):
        return result

    def scene(self, result, previous=None, prediction=None):
        binder = BINDERS[result.binder]
        scene = draw_car(
            self.WIDTH, self.HEIGHT, target=binder.target, labels=_part_labels(result), binder=binder.shape, hinge=result.hinge,
            transmembrane=result.transmembrane, costimulation=COSTIMULATION[result.costimulation], zeta=result.zeta != NONE,
        )  # fmt: skip
        colour = palette.ACTIVATES if result.generation else palette.INHIBITS
        title = result.generation or "No working CAR"
        scene.name((self.WORDS_AT, 424), title, colour, size=18, align="left")
        attack = "✓ attack" if result.generation else "✗ no attack"
        scene.name((84, 60), attack + (", fades" if title == GENERATIONS[0] else ""), colour)
        if result.costimulation == NONE:
            scene.label((self.WORDS_AT, 158), "No costimulatory domain", "left out")
        if result.zeta == NONE:
            scene.label((self.WORDS_AT, 82), "No CD3ζ", "left out")
        return scene


def _part_labels(receptor: Receptor) -> dict[str, tuple[str, str]]:
    """A name and a remark for each part that is there, by the names of ``draw_car``."""
    labels = {
        "binder": ("Binder", BINDERS[receptor.binder].words),
        "hinge": ("Hinge", f"{receptor.hinge}: {_doubt(receptor, 'hinge') or 'gives reach'}"),
        "transmembrane": (
            "Transmembrane domain",
            f"{receptor.transmembrane}: {_doubt(receptor, 'transmembrane') or 'holds it'}",
        ),
        "zeta": ("CD3ζ", "starts the attack"),
    }
    for place, domain in enumerate(COSTIMULATION[receptor.costimulation], 1):
        labels["costimulation" if place == 1 else f"costimulation {place}"] = (
            domain,
            f"sustains: {TEMPO[domain]}",
        )
    return labels


def _doubt(receptor: Receptor, part: str) -> str:
    """A remark beside a part that no primary source confirms for the product that is built."""
    built = map(tables.car_product, receptor.products)
    doubted = [product.short for product in built if not product.parts[part].confirmed]
    return f"not confirmed for {' and '.join(doubted)}" if doubted else ""


def builder() -> Explorer:
    """The interactive of segment 1."""
    start = {
        "binder": "FMC63",
        "costimulation": "4-1BB",
        "zeta": "yes",
        "hinge": "CD8α",
        "transmembrane": "CD8α",
    }
    return Explorer(
        title="The receptor builder",
        compute=Receptor,
        draw=ReceptorScene,
        controls=[
            Pick(
                "binder",
                "Binder",
                "FMC63",
                {
                    "FMC63": "against CD19: scFv FMC63",
                    "CAT": "against CD19: scFv that lets go fast",
                    "BCMA scFv": "against BCMA: scFv",
                    "BCMA VHH": "against BCMA: two camelid binders",
                    NONE: "left out",
                },
                style="select",
            ),
            Pick(
                "costimulation",
                "Costimulatory domain",
                "4-1BB",
                {"CD28": "CD28", "4-1BB": "4-1BB", "both": "CD28 and 4-1BB", NONE: "left out"},
            ),
            Pick("zeta", "CD3ζ", "yes", {"yes": "in place", NONE: "left out"}),
            Pick("hinge", "Hinge", "CD8α", {name: name for name in ("CD8α", "CD28", "IgG4")}, advanced=True),
            Pick(
                "transmembrane",
                "Transmembrane domain",
                "CD8α",
                {name: name for name in ("CD8α", "CD28")},
                advanced=True,
            ),
        ],
        presets=[
            Preset("CD28 and 4-1BB, no CD3ζ", {**start, "costimulation": "both", "zeta": NONE}),
            Preset("CD3ζ alone", {**start, "costimulation": NONE}),
            Preset("Third generation", {**start, "costimulation": "both"}),
            Preset(
                "As in axi-cel", {**start, "costimulation": "CD28", "hinge": "CD28", "transmembrane": "CD28"}
            ),
            Preset("As in cilta-cel", {**start, "binder": "BCMA VHH"}),
            Preset("No binder", {**start, "binder": NONE}),
        ],
        prediction="06.Q10",
        sentence=receptor_sentence,
        alt="A receptor drawn across the membrane of a T cell. Above the membrane a hinge and a binder, which holds its "
        "target on the cell opposite; below it the costimulatory domains and the tail of CD3ζ. Each part is named.",
        explain=(
            "Take CD3ζ out, put it back, take the costimulatory domain out. Which part starts, and which sustains?",
            "CD3ζ is the tail that a natural T-cell receptor uses to start an attack; without it the cell binds and does "
            "nothing. A costimulatory domain starts nothing by itself. It decides how strongly the cell answers, how it "
            "multiplies and how long it lasts. A chain that holds one without CD3ζ is not useless: beside a second "
            "receptor it can serve as half of an AND gate.",
        ),
        vary=Task(
            "One approved receptor against CD19 has a hinge from IgG4 and a transmembrane domain from CD28, and yet sustains "
            "with 4-1BB. Build it. (Hinge and transmembrane domain are under <em>More controls</em>.)",
            lambda state, result: "lisocabtagene maraleucel" in result.products,
        ),
        limits=[
            "A picture, not a calculation. Whether a receptor works in a cell also depends on lengths, on clustering, and on "
            "how much of it the cell makes.",
            "Tempo is what cells and mice show for CD28 and 4-1BB. The approved products differ in other parts and in their "
            "manufacture too, so trials do not tell the domains apart.",
            "Parts are named, not sequences: two parts of one name can differ between products.",
        ],
        tag=f"Model · parts and products from labels and papers, see the table below (US, {checked()})",
        sources=("JTransMed2023", "Salter2018", "Long2015"),
    )


def products() -> HTML:
    """A table: the approved products and their parts, from the outside in."""
    return table(
        "<strong>Data</strong> · the CAR-T products approved in the United States, as of "
        f"{checked()}. All end in CD3ζ. A part marked ? is named in reviews; no primary source at hand prints it.",
        ("Product", "Target", "Binder", "Hinge", "Trans&shy;membrane", "Costimu&shy;lation", "Vector"),
        map(_product_row, map(tables.car_product, tables.car_products())),
    )


def checked() -> str:
    """The day on which the table of products was last checked."""
    return tables.table("car_products").last_checked.max()


def _product_row(product) -> list[str]:
    parts = [product.parts[name] for name in ("binder", "hinge", "transmembrane", "costimulation", "vector")]
    told = [product.target, *(part.value + ("" if part.confirmed else " ?") for part in parts)]
    name = f"{html.escape(product.name)}<br><small>{html.escape(product.short)}</small>"
    return [name, *map(html.escape, told)]


# What can it see?

SEES, MAY, BLIND = "sees it", "may see it", "blind to it"
PRODUCTS = ("CAR-T", "TCR-T", "TIL")


@dataclass(frozen=True)
class Sight:
    """A tumour, and for each kind of T cell a verdict and its reason."""

    shows: str
    mhc: bool
    fits: bool
    verdicts: dict[str, tuple[str, str]]

    def __hash__(self):
        return hash((self.shows, self.mhc, self.fits))

    @property
    def seen_by(self) -> list[str]:
        """The kinds of T cell that see it for certain, in this scheme."""
        return [name for name, (verdict, _) in self.verdicts.items() if verdict == SEES]


@lru_cache(maxsize=32)
def look(shows: str, mhc: str, hla: str) -> Sight:
    """Which T cells see a tumour that ``shows`` "surface", "inside", "mutations" or "all" of these targets."""
    has, kept, fits = (lambda target: shows in (target, "all")), mhc == "kept", hla == "A02"
    return Sight(
        shows, kept, fits, {"CAR-T": _car(has), "TCR-T": _tcr(has, kept, fits), "TIL": _til(has, kept)}
    )


def _car(has) -> tuple[str, str]:
    return (SEES, "its target is on the surface") if has("surface") else (BLIND, "nothing on the surface")


def _tcr(has, kept: bool, fits: bool) -> tuple[str, str]:
    if not has("inside"):
        return BLIND, "no MAGE-A4 is made"
    if not kept:
        return BLIND, "no MHC shows the peptide"
    return (SEES, "peptide on the right HLA") if fits else (BLIND, "not on this HLA")


def _til(has, kept: bool) -> tuple[str, str]:
    if not kept:
        return BLIND, "no MHC shows a peptide"
    if has("mutations"):
        return SEES, "many TCRs, many peptides"
    return MAY, "if one of its TCRs fits"


def sight_sentence(state: dict, result: Sight) -> str:
    """Who sees the tumour and who does not, with the reason."""
    told = "; ".join(f"{name}: {verdict}, {reason}" for name, (verdict, reason) in result.verdicts.items())
    seeing = len(result.seen_by)
    return f"{seeing} of 3 {'sees' if seeing == 1 else 'see'} this tumour. {told}."


class Shown(NamedTuple):
    """A molecule of the tumour cell: where it stands, how it is drawn, and whether it is there."""

    x: float
    glyph: Callable
    there: bool


class SightScene(LiveScene):
    """Three T cells under one tumour: each with its receptor, bound or not."""

    WIDTH, HEIGHT = width, height = 680, 420
    PANEL, GUTTER, FACE, NM = 216, 16, 186, 7.0
    FAR = FACE + 17.0 * NM

    def shows(self, result, previous=None, prediction=None):
        return result, prediction

    def scene(self, result, previous=None, prediction=None):
        scene = Scene(self.WIDTH, self.HEIGHT)
        for place, name in enumerate(PRODUCTS):
            self._panel(scene, place * (self.PANEL + self.GUTTER), name, result)
        if prediction is not None:
            words = f"your prediction: {prediction:.0f} of 3"
            scene.text((self.WIDTH - 6, 6), words, colour=palette.PREDICTION, align="right")
        return scene

    def _panel(self, scene: Scene, left: float, name: str, result: Sight) -> None:
        verdict, reason = result.verdicts[name]
        right, middle = left + self.PANEL, left + self.PANEL / 2
        bilayer(scene, [(left, self.FAR), (right, self.FAR)], palette.TUMOUR, MEMBRANE * self.NM, below=False)
        bilayer(scene, [(left, self.FACE), (right, self.FACE)], palette.T_CELL, MEMBRANE * self.NM)
        self._molecules(scene, left, name, result, bound=verdict == SEES)
        scene.name((middle, self.HEIGHT - 22), name, size=18)
        scene.text((middle, self.FAR + 62), "tumour cell", colour=palette.TUMOUR.edge, align="center")
        colour = {SEES: palette.ACTIVATES, MAY: palette.MUTED, BLIND: palette.INHIBITS}[verdict]
        sign = {SEES: "✓ ", MAY: "? ", BLIND: "✗ "}[verdict]
        scene.name((middle, 50), sign + verdict, colour, size=17)
        scene.text((middle, 28), reason, align="center")

    def _molecules(self, scene: Scene, left: float, name: str, result: Sight, bound: bool) -> None:
        """The tumour's molecules, each at its place, and the receptor under the one it is made for."""
        near, far = left + self.PANEL * 0.24, left + self.PANEL * 0.74
        surface = Shown(near, antigen_a, result.shows in ("surface", "all"))
        peptide = Shown(far, self._mhc(name, result), result.mhc)
        mine, other = (surface, peptide) if name == "CAR-T" else (peptide, surface)
        receptor = car if name == "CAR-T" else tcr
        if name == "CAR-T":
            self._name_molecules(scene, surface, peptide)
        for shown in filter(lambda shown: shown.there, (mine, other)):
            foot, far = (shown.x, self.FACE), (shown.x, self.FAR)
            if bound and shown is mine:
                bind(scene, receptor, shown.glyph, foot, far, self.NM, inside=True)
            else:
                shown.glyph(scene, far, DOWN, self.NM, inside=True)
        if not bound:
            receptor(scene, (mine.x, self.FACE), UP, self.NM, inside=True)

    def _name_molecules(self, scene: Scene, surface: Shown, peptide: Shown) -> None:
        """Direct labels, in the first panel only."""
        if surface.there:
            scene.text((surface.x + 20, self.FAR - 36), "surface\nprotein")
        if peptide.there:
            scene.text((peptide.x, self.FAR - 78), "MHC with\na peptide", align="center")

    @staticmethod
    def _mhc(name: str, result: Sight):
        """MHC with the peptide that this T cell reads, or with any other."""
        wanted = {"TCR-T": ("inside", "all"), "TIL": ("mutations", "all"), "CAR-T": ()}[name]
        fits = result.shows in wanted and (name != "TCR-T" or result.fits)
        return partial(pmhc, peptide=palette.PEPTIDE if fits else palette.EMPTY)


def sight() -> Explorer:
    """The interactive of segment 2."""
    everything = {"shows": "all", "mhc": "kept", "hla": "A02"}
    return Explorer(
        title="What can it see?",
        compute=look,
        draw=SightScene,
        controls=[
            Pick(
                "shows",
                "The tumour makes",
                "all",
                {
                    "all": "all three targets below",
                    "surface": "a surface protein (for the CAR)",
                    "inside": "MAGE-A4, inside (for the TCR)",
                    "mutations": "many mutated proteins (for TIL)",
                },
                style="select",
            ),
            Pick("mhc", "MHC class I on the tumour", "kept", {"kept": "kept", "lost": "lost"}),
            Pick("hla", "The patient's HLA-A", "A02", {"A02": "one is A*02", "other": "none is A*02"}),
        ],
        presets=[
            Preset("MHC class I lost", {**everything, "mhc": "lost"}, against=everything),
            Preset("Target inside the cell", {**everything, "shows": "inside"}),
            Preset("Inside, but another HLA", {**everything, "shows": "inside", "hla": "other"}),
            Preset("Mutated proteins only", {**everything, "shows": "mutations"}),
        ],
        prediction="06.Q11",
        sentence=sight_sentence,
        alt="Three panels with a tumour cell above and a T cell below: a CAR-T cell, a TCR-T cell and a TIL. A receptor "
        "touches its target where it can see it. Below each stands the verdict with its reason.",
        explain=(
            "Losing MHC blinds two of the three. What must a tumour do to blind the third, and what does the third never see?",
            "A CAR holds a molecule on the surface, so the tumour must lose or change that molecule. It never sees what stays "
            "inside the cell, and most proteins do. A T-cell receptor can read pieces of inner proteins, but only where MHC "
            "shows them, and an engineered one only on the HLA type it was chosen for.",
        ),
        vary=Task(
            "Find a tumour that TIL see and neither of the other two does.",
            lambda state, result: result.seen_by == ["TIL"],
        ),
        limits=[
            "Yes or no, where life knows more or less: MHC is often lowered, not lost, and a target can be thin. Only class I is "
            "shown; some T cells read class II.",
            "TIL are shown as if they held receptors for the tumour's mutations. Not all products do, and nobody knows "
            "beforehand which targets they read.",
            "One TCR-T product as an example (MAGE-A4 on HLA-A*02). Others read other peptides on other HLA types. Seeing is not "
            "yet killing.",
        ],
        tag="Model · a scheme of who can bind what; MAGE-A4 TCR as in Barnett 2025",
        sources=("Barnett2025",),
    )


# How many copies in each cell?

MOST_COPIES = 10  # bars of the histogram; the last one holds all that have more
MEAN_COPIES = tuple(round(0.1 * step, 1) for step in range(1, 61))
CHANCE, UNEVEN, BATCH = "chance", "uneven", "batch"


@dataclass(frozen=True)
class Batch:
    """T cells after transduction. Shares in percent; ``bars`` is the share of cells with 0, 1, ... copies, the last with more."""

    copies: float
    positive: float
    per_positive: float
    single: float
    excess: float
    bars: np.ndarray

    @property
    def released(self) -> bool:
        """Whether it meets the two limits of ARI-0001 that this model knows."""
        least, most = release_limits()
        return self.positive >= least and self.copies <= most


@lru_cache(maxsize=1)
def release_limits() -> tuple[float, float]:
    """The limits of ARI-0001: percent of CAR-positive cells at least, copies per cell at most."""
    rows = tables.release_criteria().set_index("test")
    return rows.least["CAR-positive cells"], rows.most["copies of the gene per cell"]


@lru_cache(maxsize=1)
def batches():
    """The three validation batches of ARI-0001."""
    return tuple(tables.release_batches())


@lru_cache(maxsize=8)
def dispersion(spread: str) -> float:
    """How unevenly the cells take up the vector, as the r of a negative binomial."""
    if spread == BATCH:
        last = batches()[-1]
        return transduction.overdispersed(last.copies_per_cell, last.car_positive).dispersion
    return {CHANCE: np.inf, UNEVEN: 1.0}[spread]


@lru_cache(maxsize=512)
def transduce(mean_copies: float, spread: str) -> Batch:
    """A batch with so many copies per cell on average, spread over the cells as named."""
    made = transduction.Transduction(mean_copies, dispersion(spread))
    bars = 100 * made.distribution(MOST_COPIES)
    return Batch(
        copies=mean_copies,
        positive=100 * made.car_positive,
        per_positive=made.copies_per_car_positive,
        single=100 * made.single_copy,
        excess=made.excess,
        bars=np.append(bars, max(0.0, 100 - bars.sum())),
    )


def batch_sentence(state: dict, result: Batch) -> str:
    """Positive cells, the copies they hold, and the limits of a real product."""
    least, most = release_limits()
    words = (
        f"With {result.copies:.1f} copies per cell on average, {plots.percent(result.positive)} of the cells are CAR-positive. "
        f"Such a cell holds {result.per_positive:.2f} copies on average; {plots.percent(result.single)} of them hold exactly one."
    )
    if result.excess > 1.05:
        words += f" Chance alone would need {result.excess:.1f} times fewer copies for this share."
    meets = "meets" if result.released else "misses"
    return f"{words} It {meets} the limits of ARI-0001: at least {least:.0f} % positive, at most {most:.0f} copies per cell."


class CopiesPlot(LivePlot):
    """Left: cells by the copies they hold. Right: copies per cell against CAR-positive cells, with real batches."""

    width, height = 680, 390

    def build(self):
        self.cells, self.plane = self.figure.subplots(1, 2, width_ratios=(1.12, 1))
        self.margins(left=46, right=16, top=38, bottom=54, wspace=0.24)
        places = np.arange(MOST_COPIES + 2)
        self.cells.set(xlim=(-0.7, places[-1] + 0.7), ylim=(0, 104), title="Cells with so many copies (%)")
        self.cells.set_xticks([0, 2, 4, 6, 8, places[-1]], ["none", "2", "4", "6", "8", f"{places[-1]}+"])
        self.cells.set_xlabel("copies of the CAR gene in a cell")
        self.cells.grid(axis="x", visible=False)
        none, some = palette.EMPTY, palette.VECTOR
        self.bars = [
            self.moving(
                self.cells.bar(place, 0, width=0.74, color=(some if place else none).tint,
                               edgecolor=(some if place else none).edge, linewidth=1.2)[0]
            )
            for place in places
        ]  # fmt: skip
        self.before = self.moving(
            self.cells.plot([], [], "_", color=palette.BEFORE, markersize=15, markeredgewidth=2.4, zorder=5)[
                0
            ]
        )
        self.zero = self.moving(plots.halo(self.cells.text(0, 0, "", ha="center", fontsize=plots.small())))

        self.plane.set(
            xlim=(0, 100), ylim=(0, 6.2), xlabel="CAR-positive cells (%)", title="Copies per cell, on average"
        )
        share = np.linspace(0, 0.997, 120)
        by_chance = [transduction.from_car_positive(one).copies_per_cell for one in share]
        self.plane.plot(100 * share, by_chance, color=palette.MUTED, linewidth=1.4)
        self.plane.text(70, 1.02, "by chance\nalone", color=palette.MUTED, fontsize=plots.small(), va="top")
        limit = release_limits()[0]
        self.plane.axvline(limit, color=palette.INHIBITS, linewidth=1.4)
        self.plane.text(limit - 1.5, 6.1, f"limit {limit:.0f} %", rotation=90, ha="right", va="top",
                        color=palette.INHIBITS, fontsize=plots.small())  # fmt: skip
        for number, batch in enumerate(batches(), 1):
            at = (100 * batch.car_positive, batch.copies_per_cell)
            self.plane.plot(*at, "s", color=palette.INK, markersize=8, markeredgecolor="white", zorder=5)
            aside, side = ((7, 5), "bottom") if number == 3 else ((8, -3), "top")
            self.plane.annotate(
                f"batch {number}", at, aside, textcoords="offset points", va=side, fontsize=plots.small()
            )
        self.dot = self.moving(plots.now_dot(self.plane, palette.VECTOR.line))
        self.ghost = self.moving(plots.now_dot(self.plane, palette.BEFORE))
        self.mark = plots.PredictionMark(self.plane, axis="x", at=5.6 / 6.2)
        self.moving(self.mark.artists)

    def update(self, result, previous=None, prediction=None):
        for bar, height in zip(self.bars, result.bars, strict=True):
            bar.set_height(height)
        self.zero.set(text=plots.percent(result.bars[0]), y=result.bars[0] + 1.5)
        self.dot.set_data([result.positive], [result.copies])
        for artist in (self.before, self.ghost):
            artist.set_visible(previous is not None)
        if previous is not None:
            self.before.set_data(np.arange(len(previous.bars)), previous.bars)
            self.ghost.set_data([previous.positive], [previous.copies])
        self.mark.show(prediction)
        if prediction is not None:  # the label stands on the side where there is room
            right = prediction > 50
            self.mark.text.set(ha="right" if right else "left")
            self.mark.text.xyann = (-6 if right else 6, 0)


def copies() -> Explorer:
    """The interactive of segment 3."""
    real = batches()[-1]
    measured = {"mean_copies": nearest(MEAN_COPIES, real.copies_per_cell), "spread": BATCH}
    return Explorer(
        title="The transduction bench",
        compute=transduce,
        draw=CopiesPlot,
        controls=[
            Slide("mean_copies", "Copies per cell, on average", 0.2, values=MEAN_COPIES),
            Pick(
                "spread",
                "The vector enters",
                CHANCE,
                {CHANCE: "by chance alone", UNEVEN: "somewhat unevenly", BATCH: "as unevenly as in batch 3"},
            ),
        ],
        presets=[
            Preset("One copy per cell on average", {"mean_copies": 1.0}),
            Preset("Three copies", {"mean_copies": 3.0}, against={"mean_copies": 1.0}),
            Preset("Batch 3, as it was", measured, against={**measured, "spread": CHANCE}),
        ],
        prediction="06.Q12",
        sentence=batch_sentence,
        alt="Two panels. Left, bars: the share of cells with 0, 1, 2 and more copies of the CAR gene. Right, copies per cell "
        "against the share of CAR-positive cells: a rising line for chance alone, and three real batches far above it.",
        explain=(
            "All three real batches stand far above the line. What does this say about the cells?",
            "For their share of positive cells they hold four to five times the copies that chance needs. So the copies are "
            "unevenly spread: some cells took up many, many took up none. T cells differ in how far they are activated, and "
            "so in how easily a vector enters. The average hides it, and more vector would load the willing cells further.",
        ),
        vary=Task(
            "By chance alone: how many copies per cell, on average, make at least 90 % of the cells positive? How many does "
            "a positive cell then hold?",
            lambda state, result: state["spread"] == CHANCE and 90 <= result.positive < 92.5,
        ),
        limits=[
            "A copy in the genome is not yet a CAR on the surface: it can be silent. The model counts every copy as positive.",
            "The uneven spread is one mathematical shape (negative binomial) fitted to two numbers of one batch. Other shapes "
            "would fit as well; single cells would have to be measured.",
            "The mean is of copies that stay. Far more vector than that is added, and the model does not know how much.",
        ],
        tag="Model and data · Poisson and negative binomial; squares: ARI-0001, Castella 2019",
        sources=("Castella2019",),
    )


# How much antigen is enough?


KD_NM = steps(0.1, 10_000, 12, 0.6, 1100.0)
TUMOUR_ANTIGENS = steps(1e3, 1e6, 10)
HEALTHY_ANTIGENS = steps(10, 1e5, 10)
CARS = (200, 500, 1000, 2000, 5000, 10_000, 20_000)
ANTIGENS = np.geomspace(10, 1e7, 241)


@dataclass(frozen=True)
class Grip:
    """A CAR and two kinds of cell. Shares of cells killed in percent; ``curve`` over ANTIGENS; ``half_at`` in antigens per cell."""

    tumour_antigens: float
    healthy_antigens: float
    tumour: float
    healthy: float
    half_at: float
    curve: np.ndarray


def meet(kd_nM: float, tumour_antigens: float, healthy_antigens: float, cars: float) -> Grip:
    """What a CAR of this affinity does to tumour cells and to healthy cells with so many antigens each."""
    synapse = antigen_gate.GateParameters(cars=cars)

    def killed(antigens):
        return 100 * antigen_gate.recognise(antigens, kd_nM, synapse).lysis

    return Grip(
        tumour_antigens=tumour_antigens,
        healthy_antigens=healthy_antigens,
        tumour=killed(tumour_antigens),
        healthy=killed(healthy_antigens),
        half_at=antigen_gate.antigens_for_lysis(kd_nM, parameters=synapse),
        curve=killed(ANTIGENS),
    )


def affinity(kd_nM: float) -> str:
    """``0.6 nM``, ``1.1 µM``."""
    return f"{kd_nM:g} nM" if kd_nM < 1000 else f"{kd_nM / 1000:g} µM"


def grip_sentence(state: dict, result: Grip) -> str:
    """Where half is killed, and what happens to the two tissues."""
    half = (
        f"half of the cells are killed at {plots.count(result.half_at)} antigens each"
        if np.isfinite(result.half_at)
        else "no number of antigens is enough to kill half of the cells"
    )
    return (
        f"With K_D {affinity(state['kd_nM'])}, {half}. It kills {plots.percent(result.tumour)} of the tumour cells "
        f"({plots.count(result.tumour_antigens)} antigens each) and {plots.percent(result.healthy)} of the healthy cells "
        f"({plots.count(result.healthy_antigens)} each)."
    )


class GripPlot(LivePlot):
    """Share of cells killed against antigens per cell, with the tumour and a healthy tissue on the curve."""

    width, height = 680, 380

    def build(self):
        self.axes = self.figure.subplots()
        self.margins(left=54, right=40, top=38, bottom=54)
        self.axes.set(xscale="log", xlim=(10, 1e7), ylim=(-3, 108), title="Cells killed (%)")
        self.axes.set_xlabel("antigens on a cell")
        self.axes.set_xticks(
            10.0 ** np.arange(1, 8), ["10", "100", "1,000", "10,000", "100,000", "1 million", "10 million"]
        )
        self.axes.minorticks_off()
        self.before = self.moving(plots.before_line(self.axes))
        self.now = self.moving(plots.now_line(self.axes, palette.ANTIBODY.line))
        self.dots, self.names, self.ghosts = {}, {}, {}
        for tissue, colour, marker in (("tumour", palette.TUMOUR, "o"), ("healthy", palette.HEALTHY, "D")):
            self.ghosts[tissue] = self.moving(plots.now_dot(self.axes, palette.BEFORE))
            self.dots[tissue] = self.moving(plots.now_dot(self.axes, colour.line))
            for dot in (self.ghosts[tissue], self.dots[tissue]):
                dot.set_marker(marker)
            self.names[tissue] = self.moving(
                plots.halo(self.axes.text(0, 0, "", color=colour.edge, weight="semibold", zorder=7))
            )
        self.mark = plots.PredictionMark(self.axes, at=0.01)
        self.moving(self.mark.artists)

    def update(self, result, previous=None, prediction=None):
        self.now.set_data(ANTIGENS, result.curve)
        self.before.set_visible(previous is not None)
        if previous is not None:
            self.before.set_data(ANTIGENS, previous.curve)
        for tissue in self.dots:
            x, y = getattr(result, f"{tissue}_antigens"), getattr(result, tissue)
            self.dots[tissue].set_data([x], [y])
            left, above = tissue == "healthy", y < 50 or (tissue == "healthy" and y < 90)
            self.names[tissue].set(
                text=f"{tissue} {plots.percent(y)}", position=(x / 1.3 if left else x * 1.3, y + 4 if above else y - 4),
                ha="right" if left else "left", va="bottom" if above else "top",
            )  # fmt: skip
            self.ghosts[tissue].set_visible(previous is not None)
            if previous is not None:
                self.ghosts[tissue].set_data(
                    [getattr(previous, f"{tissue}_antigens")], [getattr(previous, tissue)]
                )
        low = prediction is not None and prediction < 30  # where the name of the healthy mark stands
        self.mark.at = 0.99 if low else 0.01
        self.mark.text.set_ha("right" if low else "left")
        self.mark.show(prediction)


def grip() -> Explorer:
    """The interactive of segment 4."""
    tight, weak = {"kd_nM": 0.6}, {"kd_nM": 1100}
    return Explorer(
        title="Grip and density",
        compute=meet,
        draw=GripPlot,
        controls=[
            Slide(
                "kd_nM", "K_D of the binder (larger is weaker)", 0.6, values=KD_NM, unit="nM", words=affinity
            ),
            Slide(
                "tumour_antigens", "Antigens on a tumour cell", 1e5, values=TUMOUR_ANTIGENS, words=plots.count
            ),
            Slide(
                "healthy_antigens",
                "Antigens on a healthy cell",
                1e3,
                values=HEALTHY_ANTIGENS,
                words=plots.count,
            ),
            Slide("cars", "CARs in the contact", 2000, values=CARS, words=plots.count, advanced=True),
        ],
        presets=[
            Preset("Weak grip, 1.1 µM", weak, against=tight),
            Preset("Too weak, 10 µM", {"kd_nM": 10_000}, against=weak),
            Preset("Weak, and more CARs", {**weak, "cars": 20_000}, against=weak),
            Preset("Weak, and the tumour hides", {**weak, "tumour_antigens": 5000}, against=weak),
        ],
        prediction="06.Q13",
        sentence=grip_sentence,
        alt="A curve that rises with the antigens on a cell, on a log axis, from none killed to nearly all. Two marks sit on "
        "it: healthy cells with little antigen, tumour cells with much.",
        explain=(
            "From the tight to the weak grip the healthy mark drops and the tumour mark hardly moves. Why not both?",
            "A bond must last long enough to signal, and enough bonds must signal at once. A tight binder wastes none, so a "
            "thousand antigens suffice. A weak one wastes most: with many antigens there are still plenty left, with few there "
            "are not. Loosening the grip moves the whole curve to the right; what matters is which mark it passes.",
        ),
        vary=Task(
            "Keep 100,000 antigens on the tumour cell and 1,000 on the healthy one. Which K_D kills more than 95 % of tumour "
            "cells and less than 20 % of healthy ones?",
            lambda state, result: (
                state["tumour_antigens"] == 1e5
                and state["healthy_antigens"] == 1e3
                and state["cars"] == 2000
                and result.tumour > 95
                and result.healthy < 20
            ),
        ),
        limits=[
            "A teaching model of this course, not fitted to any experiment. It shows the direction that Liu 2015 and Caruso 2015 "
            "found in cells and mice; its numbers are not those of any CAR.",
            "Every binder is taken to bind equally fast, so a weaker one only lets go sooner. Real binders differ in both.",
            "One density for a whole tissue. Real tumours hold cells with little antigen, and a weak grip leaves those alive.",
        ],
        tag="Model · teaching model of this course: binding, then proofreading; direction after Liu 2015",
        sources=("Liu2015", "Caruso2015"),
    )


# Gates

GATE_WORDS = {
    "A": ("A alone", "lose A"),
    "A AND B": ("A AND B", "lose A or B, whichever is easier"),
    "A OR B": ("A OR B", "lose both"),
    "A NOT B": ("A NOT B", "lose A, or gain B"),
}
TUMOUR_MARKERS = antigen_gate.TwoMarkers(0.90, 0.80)
HEALTHY_MARKERS = antigen_gate.TwoMarkers(0.20, 0.10)


def gates() -> HTML:
    """A table: what four gates reach in a tumour and hit in a healthy tissue, and how a cell escapes."""
    return table(
        f"<strong>Model</strong> · invented shares: A on {_whole(TUMOUR_MARKERS.a)} and B on {_whole(TUMOUR_MARKERS.b)} of "
        f"tumour cells, A on {_whole(HEALTHY_MARKERS.a)} and B on {_whole(HEALTHY_MARKERS.b)} of the cells of a healthy "
        "tissue, independent of each other",
        ("The T cell attacks", "tumour cells missed", "healthy cells hit", "to escape, a tumour cell must"),
        map(_gate_row, GATE_WORDS),
    )


def _gate_row(gate: str) -> list[str]:
    name, escape = GATE_WORDS[gate]
    outcome = antigen_gate.gate_outcome(gate, TUMOUR_MARKERS, HEALTHY_MARKERS)
    return [name, _whole(outcome.tumour_missed), _whole(outcome.healthy_hit), escape]


def _whole(share: float) -> str:
    return f"{100 * share:.0f} %"
