"""The CAR beside the natural receptor, each part in the colour of the molecule it comes from."""

from matplotlib.figure import Figure

from immunolab.draw.glyphs import (
    DOWN,
    MEMBRANE,
    UP,
    bilayer,
    bind,
    binding_sites,
    car,
    cd19,
    cytoplasm,
    pmhc,
    tcr,
)
from immunolab.draw.palette import ANTIBODY, CD8, CD19, FOUR_1BB, MHC, MUTED, T_CELL, TCR, TUMOUR
from immunolab.draw.scene import HEAD, LINE, Scene

TITLE = "A CAR beside the natural T-cell receptor"
ALT = (
    "Two receptors stand in the membrane of one T cell, below the membrane of a tumour cell. On the left the natural T-cell "
    "receptor reads a peptide on an MHC molecule; CD3 chains stand at its sides and carry the signal into the cell. On the "
    "right a chimeric antigen receptor holds the protein CD19 itself. From top to bottom its parts are an scFv of two "
    "antibody domains joined by a linker, a hinge, a transmembrane domain, the costimulatory domain of 4-1BB, and the tail of "
    "CD3ζ with three signalling motifs. The tail is the same in both receptors; the outer end is not, so a CAR needs no MHC."
)
CAPTION = "Antibody outside, T-cell receptor inside: a CAR holds the protein itself and needs no MHC."
SOURCES = ("Sadelain2013", "Larson2021")

WIDTH, HEIGHT = 920, 600
NM = 12.2
LOW = 286
NATURAL, CHIMERIC = 258, 560  # x of the two receptors


def draw() -> Figure:
    """The whole picture, from back to front."""
    scene = Scene(WIDTH, HEIGHT)
    high = LOW + NM * (binding_sites(car)[0][1] + binding_sites(cd19)[0][1])
    cytoplasm(scene, 0, WIDTH, LOW - 20, 46, T_CELL)
    cytoplasm(scene, 0, WIDTH, high + 20, HEIGHT - 4, TUMOUR)
    bilayer(scene, [(-12, LOW), (WIDTH + 12, LOW)], T_CELL, MEMBRANE * NM)
    bilayer(scene, [(-12, high), (WIDTH + 12, high)], TUMOUR, MEMBRANE * NM, below=False)
    natural, peptide = bind(scene, tcr, pmhc, (NATURAL, LOW), (NATURAL, high), NM, inside=True)
    antigen = cd19(scene, (CHIMERIC, high), DOWN, NM, inside=True)
    chimeric = car(scene, (CHIMERIC, LOW), UP, NM)
    _names_left(scene, natural, peptide)
    _names_right(scene, chimeric, antigen)
    _same_tail(scene, natural.tail, chimeric.parts["zeta"])
    scene.name((18, HEIGHT - 32), "Tumour cell", TUMOUR, align="left", size=HEAD)
    scene.name((18, 58), "T cell", T_CELL, align="left", size=HEAD)
    scene.caption(CAPTION)
    return scene.figure


def _names_left(scene: Scene, natural, peptide) -> None:
    x, y = natural.foot
    for top, name, remark, colour, to in (
        (440, "Peptide on MHC", "a piece of a protein\nfrom inside the cell", MHC, peptide.middle),
        (366, "T-cell receptor", "two chains", TCR, (x - 1.5 * NM, y + 5.2 * NM)),
        (212, "CD3 chains", "carry the signal", TCR, (x - 2.9 * NM, y - 5.6 * NM)),
    ):
        scene.label((18, top), name, remark, to=to, colour=colour)


def _names_right(scene: Scene, chimeric, antigen) -> None:
    for part, top, name, remark, colour in (
        (antigen.middle, 448, "CD19", "the whole protein", CD19),
        (
            "binder",
            398,
            "scFv: the binder",
            "two domains of an antibody\non one chain: what it sees",
            ANTIBODY,
        ),
        ("hinge", 328, "Hinge", "how far it reaches", CD8),
        ("transmembrane", 263, "Transmembrane domain", "", CD8),
        ("costimulation", 208, "4-1BB (or CD28)", "costimulation: tempo,\nhow long the cell lasts", FOUR_1BB),
        ("zeta", 134, "CD3ζ", "signal 1: attack", TCR),
    ):
        to = chimeric.parts[part] if isinstance(part, str) else part
        scene.label((678, top), name, remark, to=to, colour=colour, halo=4 if part == "transmembrane" else 0)


def _same_tail(scene: Scene, one, other) -> None:
    y = one[1] + 0.6 * NM
    left, right = one[0] + 26, other[0] - 22
    scene.line([(left, y), (right, y)], MUTED, 1.6, dashes=(5, 5), role=LINE)
    scene.name(((left + right) / 2, y - 24), "the same tail, three motifs", TCR)
