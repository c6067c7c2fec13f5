"""Who is bound to whom: receptors and ligands between two membranes, and antibodies that step in.

Binding in solution is measured as K_D in µM. Between two membranes a few nanometres apart, molecules are
counted per µm², so the K_D is turned into molecules/µm² first. All functions give the state at equilibrium.
They leave out that molecules crowd together or are pushed aside in a real synapse, that cells take receptors
in and bring out new ones, and that CTLA-4 pulls its ligands off the other cell.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from scipy.optimize import brentq, root
from scipy.optimize.elementwise import find_root

from immunolab.models._checks import each, not_negative, one_of, positive, within

MOLECULES_PER_UM3_PER_uM = 602.2
CROSS_ARM = 100.0  # chi: how much faster the second arm of a bound antibody finds a receptor; an estimate
GAP_NM = 3.0  # height of the layer in which the tips meet; the membranes stand some 15 nm apart


# --- units ---------------------------------------------------------------------------------------------


def kd_2d(kd_3d_uM, gap_nm=GAP_NM):
    """Dissociation constant between two membranes, in molecules/µm².

    K_D,2D = K_D,3D · 602.2 molecules/µm³ per µM · gap. ``kd_3d_uM`` in µM and ``gap_nm`` in nm are numbers or
    arrays above 0; anything else raises ValueError. Source: Jansson et al. 2005, PMID 16034096; the gap
    of 3 nm is the one of Wang et al. 2021 (repository QSPIO-TNBC). Holds for flat, parallel membranes.
    """
    kd = positive("kd_3d_uM", kd_3d_uM, "the dissociation constant in µM")
    return kd * MOLECULES_PER_UM3_PER_uM * _gap_um(gap_nm)


def kon_2d(kon_3d_per_uM_s, gap_nm=GAP_NM):
    """Association rate constant between two membranes, in µm²/(molecule s), from 1/(µM s).

    The counterpart of ``kd_2d``: the off-rate is the same in both geometries.
    """
    kon = positive("kon_3d_per_uM_s", kon_3d_per_uM_s, "the association rate constant in 1/(µM s)")
    return kon / (MOLECULES_PER_UM3_PER_uM * _gap_um(gap_nm))


def nM_from_mg_per_L(conc_mg_L, mass_kDa=146.0):
    """Molar concentration in nM of a protein of ``mass_kDa``; 1 mg/L is 1 µg/mL. Numbers or arrays."""
    conc = not_negative("conc_mg_L", conc_mg_L, "the concentration in mg/L")
    return conc / positive("mass_kDa", mass_kDa, "the molecular mass in kDa") * 1000


def mg_per_L_from_nM(conc_nM, mass_kDa=146.0):
    """Mass concentration in mg/L (µg/mL) of a protein of ``mass_kDa``. Numbers or arrays."""
    conc = not_negative("conc_nM", conc_nM, "the concentration in nM")
    return conc * positive("mass_kDa", mass_kDa, "the molecular mass in kDa") / 1000


def _gap_um(gap_nm):
    return (
        within("gap_nm", gap_nm, 0.1, 100, "the height in nm of the layer in which the two molecules meet")
        / 1000
    )


# --- an antibody in solution and its receptor ----------------------------------------------------------


def occupancy(conc_nM, kd_nM):
    """Fraction of receptors that hold a drug binding with one arm: C / (K_D + C).

    Numbers or arrays in nM that broadcast; negative, NaN or a K_D of 0 raise ValueError. Holds when drug is
    in excess of receptor. A two-armed antibody on a crowded surface binds tighter: ``bivalent_occupancy``.
    """
    conc = not_negative("conc_nM", conc_nM, "the concentration of the drug in nM")
    return conc / (positive("kd_nM", kd_nM, "the dissociation constant in nM") + conc)


def bivalent_occupancy(conc_nM, kd_nM, *, density_um2, chi=CROSS_ARM, gap_nm=GAP_NM):
    """Fraction of receptors that hold a two-armed antibody, bound by one arm or by both.

    With R free receptors of R_t per µm², R + aR + 2abR² = R_t, where a = 2C/K_D fills the first arm and
    b = chi / (2 K_D,2D) closes the second. The on-rate cancels: only K_D counts at equilibrium.

    ``conc_nM``, ``kd_nM`` in nM and ``density_um2`` in receptors/µm² are numbers or arrays that broadcast.
    Bad input raises ValueError. Source: reaction scheme of Wang et al. 2021 (QSPIO-TNBC). Limits: chi = 100
    is an estimate; every second arm finds a receptor within reach, so this is an upper bound of binding.
    """
    return 1 - bivalent(conc_nM, kd_nM, density_um2=density_um2, chi=chi, gap_nm=gap_nm).free


@dataclass(frozen=True)
class BivalentState:
    """Fractions of receptors that are free, held by an antibody on one arm, or on both; they add up to 1.

    ``second_arms`` is how many antibodies hold with both arms for each that holds with one.
    """

    free: float | np.ndarray
    one_arm: float | np.ndarray
    two_arms: float | np.ndarray
    second_arms: float | np.ndarray

    @property
    def occupancy(self) -> float | np.ndarray:
        """Fraction of receptors that are held."""
        return self.one_arm + self.two_arms

    @property
    def antibodies_per_receptor(self) -> float | np.ndarray:
        """Antibodies on the cell for each receptor: 1 where each holds one, one half where each holds two."""
        return self.one_arm + self.two_arms / 2

    def residence_s(self, koff_per_s):
        """Mean time in seconds that an antibody stays, from its first contact until both arms are off.

        (1 + second_arms)/koff: where an arm lets go at ``koff_per_s``, the other mostly holds on until it is
        back. Little drug leaves many receptors to come back to; drug that fills the cell shortens its own stay.
        Source: balance of coming and going at equilibrium, for one antibody among receptors that do not change.
        Limits: like ``bivalent_occupancy`` an upper bound; a cell takes its receptors in long before.
        """
        koff = positive("koff_per_s", koff_per_s, "the dissociation rate constant of one arm in 1/s")
        return (1 + self.second_arms) / koff


def bivalent(conc_nM, kd_nM, *, density_um2, chi=CROSS_ARM, gap_nm=GAP_NM) -> BivalentState:
    """How a two-armed antibody holds the receptors of a cell. As ``bivalent_occupancy``, arm by arm."""
    conc = not_negative("conc_nM", conc_nM, "the concentration of the antibody in nM")
    kd = positive("kd_nM", kd_nM, "the dissociation constant in nM")
    total = not_negative("density_um2", density_um2, "the receptors per µm²")
    first = 2 * conc / kd
    second = _second_arm(kd, chi, gap_nm)
    # The root in the form that does not cancel when one term dwarfs the others.
    free = 2 / (1 + first + np.sqrt((1 + first) ** 2 + 8 * first * second * total))
    reach = second * total * free
    return BivalentState(free, first * free, 2 * first * free * reach, reach)


def effective_kd_nM(kd_nM, *, density_um2, chi=CROSS_ARM, gap_nm=GAP_NM):
    """Concentration in nM at which a two-armed antibody holds half of the receptors of a cell.

    K_D / (2·(1 + b·R_t)) with b as in ``bivalent_occupancy``: half of K_D on a bare surface, because two arms
    find a receptor twice as fast, and less the denser the receptors stand. A property of antibody and cell,
    not of the dose. Numbers or arrays; bad input raises ValueError; the same source and limits.
    """
    kd = positive("kd_nM", kd_nM, "the dissociation constant in nM")
    total = not_negative("density_um2", density_um2, "the receptors per µm²")
    return kd / (2 * (1 + _second_arm(kd, chi, gap_nm) * total))


def _second_arm(kd_nM, chi, gap_nm):
    """Second arms closed per first arm and free receptor/µm², b = chi/(2 K_D,2D)."""
    return not_negative("chi", chi, "the cross-arm factor") / (2 * kd_2d(kd_nM / 1000, gap_nm))


# --- two receptors within the reach of one antibody ----------------------------------------------------


def surface_density_um2(receptors_per_cell, diameter_um=10.0):
    """Receptors/µm² of a round cell with ``receptors_per_cell``: N/(π·d²). Numbers or arrays."""
    count = not_negative("receptors_per_cell", receptors_per_cell, "the receptors on one cell")
    return count / (np.pi * positive("diameter_um", diameter_um, "the diameter of the cell in µm") ** 2)


def effective_conc_nM(density_um2, reach_nm=10.0):
    """Concentration in nM in which the second arm of a bound antibody finds itself: density / reach.

    ``density_um2`` receptors/µm² fill a layer of ``reach_nm`` above the membrane, about the reach of an arm.
    Numbers or arrays; bad input raises ValueError. Limits: as if receptors were in solution and every way
    of the arm were as likely.
    """
    density = not_negative("density_um2", density_um2, "the receptors per µm²")
    return density / _gap_um(reach_nm) / MOLECULES_PER_UM3_PER_uM * 1000


@dataclass(frozen=True)
class PatchState:
    """Chances of what two neighbouring receptors hold; they add up to 1.

    ``empty``; ``one_arm``: one antibody on one of them; ``bridged``: one antibody on both; ``two``: one each.
    """

    empty: float | np.ndarray
    one_arm: float | np.ndarray
    bridged: float | np.ndarray
    two: float | np.ndarray

    @property
    def occupancy(self) -> float | np.ndarray:
        """Fraction of the receptors that are held."""
        return self.one_arm / 2 + self.bridged + self.two


def patch(conc_nM, kd_nM, effective_nM) -> PatchState:
    """Two receptors and antibodies with two arms, at equilibrium.

    With a = C/K_D the weights are 1 (empty), 4a (four ways to hold one arm), 2a·c_eff/K_D (bridged) and 4a²
    (one antibody each). ``effective_nM`` is c_eff, as from ``effective_conc_nM``; 0 for arms that cannot both
    reach. Numbers or arrays that broadcast, nM; bad input raises ValueError. Source: calculated from mass
    action with statistical factors. A cell holds many receptors: ``bivalent`` counts them all.
    """
    a = not_negative("conc_nM", conc_nM, "the concentration of the antibody in nM") / positive(
        "kd_nM", kd_nM, "the dissociation constant in nM"
    )
    effective = not_negative("effective_nM", effective_nM, "the effective concentration in nM")
    weights = (np.ones_like(a * effective), 4 * a, 2 * a * effective / kd_nM, 4 * a**2)
    return PatchState(*(weight / sum(weights) for weight in weights))


def avidity_gain(kd_nM, effective_nM):
    """How many times less antibody fills half of a ``patch`` than if its arms could not both reach.

    (x + √(x² + 4))/2 with x = c_eff/K_D: 1 for x = 0, and x once it is large. Numbers or arrays in nM; bad
    input raises ValueError. Same source and limits as ``patch``.
    """
    effective = not_negative("effective_nM", effective_nM, "the effective concentration in nM")
    x = effective / positive("kd_nM", kd_nM, "the dissociation constant in nM")
    return (x + np.sqrt(x**2 + 4)) / 2


# --- any network of binding reactions ------------------------------------------------------------------


@dataclass(frozen=True)
class Reaction:
    """``reactants`` join to ``product``: [product] = [reactant 1] · [reactant 2] · ... / ``kd``.

    Write statistical factors into ``kd`` (a dimer with two equal sites takes its first partner with K_D / 2
    and its second with 2 K_D). Units: molecules/µm² for two reactants, none for one.
    """

    reactants: tuple[str, ...]
    product: str
    kd: float

    def __post_init__(self):
        if isinstance(self.reactants, str) or not self.reactants:
            raise ValueError(f"reactants is {self.reactants!r}: give a tuple of names, one or more")
        positive(f"kd of {self.product}", self.kd, "the dissociation constant, statistical factors included")


def equilibrium(totals: Mapping[str, float], reactions: Sequence[Reaction]) -> dict[str, float]:
    """Densities of every species of a binding network at equilibrium.

    ``totals`` gives the total of each building block in molecules/µm², free and bound (0 is allowed);
    ``reactions`` form each product once, from building blocks or from other products, in any order. Returns
    a dict from species to density. Totals are conserved to a relative 1e-9.

    Solves mass action and conservation for the logarithms of the free densities, so that densities and
    affinities may lie many orders of magnitude apart. Raises ValueError for a negative total, for a product
    made twice, and for a reactant that nothing provides.
    """
    for name, total in totals.items():
        not_negative(f"totals[{name!r}]", total, "the total in molecules/µm²")
    blocks = list(totals)
    recipes, log_k = _recipes(blocks, reactions)
    names = list(recipes)
    counts = np.array([recipes[name] for name in names])
    log_k = np.array([log_k[name] for name in names])

    amounts = np.array([totals[name] for name in blocks], dtype=float)
    here = amounts > 0
    possible = ~counts[:, ~here].any(axis=1)  # what needs an absent block cannot form
    density = np.zeros(len(names))
    if here.any():
        density[possible] = _mass_action(amounts[here], counts[np.ix_(possible, here)], log_k[possible])
    return dict(zip(names, density.tolist(), strict=True))


def _recipes(blocks: list[str], reactions: Sequence[Reaction]) -> tuple[dict, dict]:
    """For every species how many of each building block it holds, and the log of its overall constant."""
    recipes = dict(zip(blocks, np.eye(len(blocks)), strict=True))
    log_k = dict.fromkeys(blocks, 0.0)
    made = [reaction.product for reaction in reactions]
    for product in made:
        if product in recipes or made.count(product) > 1:
            raise ValueError(f"{product!r} is given twice: list each building block or product once")
    waiting = list(reactions)
    while waiting:
        ready = [r for r in waiting if all(name in recipes for name in r.reactants)]
        if not ready:
            lacking = {name for r in waiting for name in r.reactants if name not in recipes}
            raise ValueError(f"nothing provides {', '.join(sorted(lacking))}: add totals or a reaction")
        for reaction in ready:
            recipes[reaction.product] = sum(recipes[name] for name in reaction.reactants)
            log_k[reaction.product] = np.log(reaction.kd) + sum(log_k[name] for name in reaction.reactants)
            waiting.remove(reaction)
    return recipes, log_k


def _mass_action(totals, counts, log_k):
    """Densities of all species (rows of ``counts``) whose blocks (columns) add up to ``totals``."""
    log_totals = np.log(totals)
    with np.errstate(divide="ignore"):
        log_counts = np.log(counts)

    def imbalance(log_free):
        """log(found / total) for each block, and its derivatives."""
        terms = (counts @ log_free - log_k)[:, None] + log_counts
        largest = terms.max(axis=0)
        shares = np.exp(terms - largest)
        found = shares.sum(axis=0)
        return largest + np.log(found) - log_totals, (shares / found).T @ counts

    # Almost every network is solved from the first start; a rare one stalls there and needs another.
    for below in (1, 20, 50, 5, 100):
        answer = root(imbalance, log_totals - below, jac=True, method="lm", options={"xtol": 1e-15})
        if np.abs(answer.fun).max() < 1e-9:
            return np.exp(counts @ answer.x - log_k)
    raise ArithmeticError(f"no equilibrium found for totals {totals.tolist()}")


# --- the CD28 / CTLA-4 synapse -------------------------------------------------------------------------


@dataclass(frozen=True)
class Affinities2D:
    """K_D of each pair in molecules/µm² (see ``kd_2d``), and of the anti-CTLA-4 antibody in nM."""

    cd28_cd80: float
    cd28_cd86: float
    ctla4_cd80: float
    ctla4_cd86: float
    cd80_dimer: float
    cd80_pdl1: float
    ctla4_antibody_nM: float

    def __post_init__(self):
        each(self, positive, "the dissociation constant")


@dataclass(frozen=True)
class SynapseDensities:
    """What the two membranes carry, per µm².

    ``cd28`` (one working site each) and ``ctla4`` (two sites each) stand on the T cell; ``cd80`` (counted as
    dimers, two sites each), ``cd86`` and ``pdl1`` (one site each) on the antigen-presenting cell.
    """

    cd28: float
    ctla4: float
    cd80: float
    cd86: float
    pdl1: float = 0.0

    def __post_init__(self):
        each(self, not_negative, "molecules per µm²")


@dataclass(frozen=True)
class SynapseState:
    """Who is bound to whom, per µm².

    ``species`` holds every complex, written like ``"CD28:CD80:CD28"``; ``bonds`` counts the closed contacts
    of each pair. ``cd28_engaged`` counts CD28 that hold a ligand, ``ctla4_engaged`` CTLA-4 that hold at least
    one, ``ctla4_blocked`` CTLA-4 that hold the antibody, ``pdl1_in_cis`` PD-L1 held by CD80 on the same cell.
    ``ligand_sites`` and ``receptor_sites`` are the sites both sides bring.
    """

    densities: SynapseDensities
    species: dict[str, float]
    bonds: dict[str, float]
    cd28_engaged: float
    ctla4_engaged: float
    ctla4_blocked: float
    pdl1_in_cis: float
    free_cd80: float
    free_cd86: float
    ligand_sites: float
    receptor_sites: float

    @property
    def cd28_engaged_fraction(self) -> float:
        """Share of CD28 that holds a ligand; 0 without CD28."""
        return self.cd28_engaged / self.densities.cd28 if self.densities.cd28 else 0.0

    @property
    def regime(self) -> str:
        """``"ligand-limited"``: receptors compete, CTLA-4 can win. ``"ligand-excess"``: enough for both."""
        return "ligand-limited" if self.ligand_sites < self.receptor_sites else "ligand-excess"


def synapse(
    densities: SynapseDensities,
    affinities: Affinities2D,
    anti_ctla4_nM: float = 0.0,
    *,
    monomers: str = "inert",
    chi: float = CROSS_ARM,
    gap_nm: float = GAP_NM,
) -> SynapseState:
    """CD28 and CTLA-4 compete for CD80 and CD86, with or without an antibody against CTLA-4.

    CD28 binds with one site; CTLA-4 and the CD80 dimer with two, so that they form chains of up to two each;
    CD86 has one site. Each step's K_D is divided by the ways it can form and multiplied by the ways it can
    break. The antibody comes from solution (``anti_ctla4_nM``) and may bridge two CTLA-4.

    ``monomers`` says what CD80 does when its dimer falls apart (K_D ``cd80_dimer``):
    ``"inert"``: the halves bind only PD-L1 in cis; ``"binding"``: also CD28 and CTLA-4; ``"none"``: no dimer
    falls apart.

    Raises ValueError for bad input, or for PD-L1 with ``monomers="none"``. Source: reactions of Wang et al.
    2021 (QSPIO-TNBC) with the stoichiometry of Collins et al. 2002, PMID 12196291. Limits: those of this
    module; with CD86 in excess CTLA-4 then hardly matters, so use it for *conditions*, not as proof.
    """
    one_of("monomers", monomers, ("inert", "binding", "none"))
    conc = not_negative("anti_ctla4_nM", anti_ctla4_nM, "the concentration of the antibody in nM")
    if monomers == "none" and densities.pdl1 > 0:
        raise ValueError(
            f"pdl1 is {densities.pdl1:g}: it binds CD80 monomers, so give monomers='inert' or 'binding'"
        )

    totals = {"CD28": densities.cd28, "CTLA-4": densities.ctla4, "CD86": densities.cd86}
    reactions = _contacts(affinities)
    if monomers == "none":
        totals["CD80"] = densities.cd80
    else:
        totals |= {"CD80 monomer": 2 * densities.cd80, "PD-L1": densities.pdl1}
        reactions += _monomer_contacts(affinities, binding=monomers == "binding")
    if conc > 0:
        reactions += _antibody_contacts(affinities.ctla4_antibody_nM, conc, chi, gap_nm)
    return _read_out(densities, equilibrium(totals, reactions))


def _contacts(k: Affinities2D) -> list[Reaction]:
    """Contacts of CD28 and CTLA-4 with the CD80 dimer and CD86: K_D · (ways to break) / (ways to form)."""
    return [
        Reaction(("CD28", "CD80"), "CD28:CD80", k.cd28_cd80 / 2),
        Reaction(("CD28", "CD28:CD80"), "CD28:CD80:CD28", k.cd28_cd80 * 2),
        Reaction(("CD28", "CD86"), "CD28:CD86", k.cd28_cd86),
        Reaction(("CTLA-4", "CD80"), "CTLA-4:CD80", k.ctla4_cd80 / 4),
        Reaction(("CTLA-4", "CTLA-4:CD80"), "CTLA-4:CD80:CTLA-4", k.ctla4_cd80 * 2 / 2),
        Reaction(("CD80", "CTLA-4:CD80"), "CD80:CTLA-4:CD80", k.ctla4_cd80 * 2 / 2),
        Reaction(("CD80", "CTLA-4:CD80:CTLA-4"), "CTLA-4:CD80:CTLA-4:CD80", k.ctla4_cd80 / 4),
        Reaction(("CTLA-4", "CD86"), "CTLA-4:CD86", k.ctla4_cd86 / 2),
        Reaction(("CD86", "CTLA-4:CD86"), "CD86:CTLA-4:CD86", k.ctla4_cd86 * 2),
    ]


def _monomer_contacts(k: Affinities2D, binding: bool) -> list[Reaction]:
    """CD80 falls apart; its monomers hold PD-L1 in cis and, if ``binding``, CD28 and CTLA-4 too."""
    reactions = [
        Reaction(("CD80 monomer", "CD80 monomer"), "CD80", k.cd80_dimer),
        Reaction(("CD80 monomer", "PD-L1"), "CD80 monomer:PD-L1", k.cd80_pdl1),
    ]
    if binding:
        reactions += [
            Reaction(("CD28", "CD80 monomer"), "CD28:CD80 monomer", k.cd28_cd80),
            Reaction(("CTLA-4", "CD80 monomer"), "CTLA-4:CD80 monomer", k.ctla4_cd80 / 2),
            Reaction(
                ("CD80 monomer", "CTLA-4:CD80 monomer"), "CD80 monomer:CTLA-4:CD80 monomer", k.ctla4_cd80 * 2
            ),
        ]
    return reactions


def _antibody_contacts(kd_nM: float, conc_nM: float, chi: float, gap_nm: float) -> list[Reaction]:
    """Two arms meet two sites of CTLA-4; the second arm, now at the membrane, is faster by ``chi``."""
    chi = positive("chi", chi, "the cross-arm factor")
    return [
        Reaction(("CTLA-4",), "CTLA-4:antibody", kd_nM / (4 * conc_nM)),
        Reaction(("CTLA-4", "CTLA-4:antibody"), "CTLA-4:antibody:CTLA-4", kd_2d(kd_nM / 1000, gap_nm) / chi),
    ]


def _read_out(densities: SynapseDensities, species: dict[str, float]) -> SynapseState:
    """Count bonds, engaged receptors and free ligands in the list of complexes."""
    bonds = dict.fromkeys(
        ("CD28:CD80", "CD28:CD86", "CTLA-4:CD80", "CTLA-4:CD86", "CTLA-4:antibody", "CD80:PD-L1"), 0.0
    )
    ctla4_engaged = 0.0
    for name, density in species.items():
        chain = name.replace(" monomer", "").split(":")
        for left, right in pairwise(chain):
            pair = f"{left}:{right}" if f"{left}:{right}" in bonds else f"{right}:{left}"
            bonds[pair] += density
        if "CTLA-4" in chain and len(chain) > 1 and "antibody" not in chain:
            ctla4_engaged += density * chain.count("CTLA-4")
    return SynapseState(
        densities=densities,
        species=species,
        bonds=bonds,
        cd28_engaged=bonds["CD28:CD80"] + bonds["CD28:CD86"],
        ctla4_engaged=ctla4_engaged,
        ctla4_blocked=bonds["CTLA-4:antibody"],
        pdl1_in_cis=bonds["CD80:PD-L1"],
        free_cd80=species["CD80"],
        free_cd86=species["CD86"],
        ligand_sites=2 * densities.cd80 + densities.cd86,
        receptor_sites=densities.cd28 + 2 * densities.ctla4,
    )


# --- PD-1 and its two ligands --------------------------------------------------------------------------


@dataclass(frozen=True)
class PD1State:
    """PD-1 that holds PD-L1, PD-1 that holds PD-L2, and free PD-1 without drug, per µm²."""

    bound_pdl1: float | np.ndarray
    bound_pdl2: float | np.ndarray
    free: float | np.ndarray

    @property
    def engaged(self) -> float | np.ndarray:
        """PD-1 that holds either ligand, per µm²."""
        return self.bound_pdl1 + self.bound_pdl2


def pd1_engagement(pd1, pdl1, pdl2, kd_pdl1, kd_pdl2, occupancy=0.0) -> PD1State:
    """PD-1 bound by PD-L1 and PD-L2 when an antibody holds a fraction ``occupancy`` of it.

    Free PD-1, f, solves f + L1·f/(f + K1) + L2·f/(f + K2) = PD-1 · (1 − occupancy).

    Densities and K_D in molecules/µm², ``occupancy`` from 0 to 1; numbers or arrays that broadcast. Bad input
    raises ValueError. Source: Wang et al. 2021 (QSPIO-TNBC), affinities Cheng et al. 2013 (PMC3636866).
    Limits: one fixed contact area, no turnover; an antibody against PD-L1 lowers ``pdl1`` and spares PD-L2.
    """
    blocked = within("occupancy", occupancy, 0, 1, "the occupied fraction")
    ligands = _ligands(pdl1, pdl2, kd_pdl1, kd_pdl2)
    available = not_negative("pd1", pd1, "PD-1 per µm²") * (1 - blocked)
    available = available * np.ones(np.broadcast_shapes(*map(np.shape, (available, *ligands))))
    free = find_root(
        lambda f, total, *ligands: f + sum(_bound(f, *ligands)) - total,
        (np.zeros_like(available), available),
        args=(available, *ligands),
    ).x
    free = free if np.ndim(free) else float(free)
    return PD1State(*_bound(free, *ligands), free)


def pd1_inhibition(engaged_um2, half_um2=6.0, hill=2.0):
    """Strength of the PD-1 brake from 0 to 1: y^h / (1 + y^h), y = engaged PD-1 / half.

    Numbers or arrays in molecules/µm². The half point of 6/µm² and the exponent 2 are assumptions of Wang et
    al. 2021 (QSPIO-TNBC), not measurements. Bad input raises ValueError.
    """
    return _hill(engaged_um2, half_um2, hill)


def cd28_activation(engaged_um2, half_um2=200.0, hill=2.0):
    """Strength of co-stimulation from 0 to 1: x^h / (1 + x^h), x = engaged CD28 / half.

    Numbers or arrays in molecules/µm². The half point of 200/µm² and the exponent 2 are assumptions of Wang
    et al. 2021 (QSPIO-TNBC), not measurements. Bad input raises ValueError.
    """
    return _hill(engaged_um2, half_um2, hill)


def occupancy_for_inhibition(target, pd1, pdl1, pdl2, kd_pdl1, kd_pdl2, half_um2=6.0, hill=2.0) -> float:
    """Smallest PD-1 occupancy that lowers ``pd1_inhibition`` to ``target``; 0 if it is there without drug.

    All arguments are numbers: ``target`` between 0 and 1, the others as in ``pd1_engagement`` and
    ``pd1_inhibition``. Bad input raises ValueError. Same source and limits.
    """
    target = within("target", target, 0, 1, "the inhibition aimed at")
    total = not_negative("pd1", pd1, "PD-1 per µm²")
    ligands = _ligands(pdl1, pdl2, kd_pdl1, kd_pdl2)
    if _hill(sum(_bound(total, *ligands)), half_um2, hill) <= target:
        return 0.0  # not even with all of PD-1 free would more be engaged
    allowed = half_um2 * (target / (1 - target)) ** (1 / hill)
    free = brentq(lambda f: sum(_bound(f, *ligands)) - allowed, 0, total)
    return max(0.0, 1 - (free + allowed) / total)


def _ligands(pdl1, pdl2, kd_pdl1, kd_pdl2):
    return (
        not_negative("pdl1", pdl1, "PD-L1 per µm²"),
        not_negative("pdl2", pdl2, "PD-L2 per µm²"),
        positive("kd_pdl1", kd_pdl1, "K_D of PD-1 and PD-L1 in molecules/µm²"),
        positive("kd_pdl2", kd_pdl2, "K_D of PD-1 and PD-L2 in molecules/µm²"),
    )


def _bound(free_pd1, pdl1, pdl2, kd_pdl1, kd_pdl2):
    """PD-L1 and PD-L2 held by free PD-1 of a given density."""
    return pdl1 * free_pd1 / (free_pd1 + kd_pdl1), pdl2 * free_pd1 / (free_pd1 + kd_pdl2)


def _hill(engaged_um2, half_um2, hill):
    half = positive("half_um2", half_um2, "the density of half effect in molecules/µm²")
    relative = not_negative("engaged_um2", engaged_um2, "engaged receptors per µm²") / half
    power = relative ** positive("hill", hill, "the Hill exponent")
    return power / (1 + power)
