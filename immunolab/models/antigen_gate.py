"""How much antigen a CAR needs, how gates of two antigens decide, and how a tumour escapes.

Three teaching models. None is fitted to data: they show in which direction affinity, density and gates work,
not how many molecules a real CAR needs.

1. The synapse. CARs and antigens bind between two membranes; a bond must last to pass the steps of signalling
   (proofreading), and the signals must add up. A weak binder then spares cells with little antigen, as Liu et
   al. 2015 (PMC4560113) and Caruso et al. 2015 (Cancer Res 75:3505) found.
2. Gates. Each cell shows antigen A, B, both or neither; a gate attacks some of these four kinds.
3. Escape. A tumour holds a cell without antigen before treatment starts, or not; what survives grows back.
"""

from dataclasses import dataclass

import numpy as np

from immunolab.models._arrays import plain
from immunolab.models._checks import finite, keep, not_negative, one_of, positive, whole, within
from immunolab.models.binding import kd_2d

# --- affinity and density ------------------------------------------------------------------------------


@dataclass(frozen=True)
class GateParameters:
    """The synapse of a T cell with its target; every value is an assumption of this teaching model.

    ``synapse_area_um2`` and ``gap_nm`` give the space where the two meet, ``cars`` stand in it, and so does
    the share ``antigen_in_synapse`` of the target's antigens. A bond passes ``steps`` steps, each lost at
    random after a mean of ``dwell_s`` seconds. ``kon_per_M_s`` turns K_D into an off-rate. Killing is half
    at ``half`` signalling bonds, and steep by ``hill``. Impossible values raise ValueError.
    """

    synapse_area_um2: float = 50.0
    gap_nm: float = 15.0
    cars: float = 2000.0
    antigen_in_synapse: float = 0.1
    steps: int = 3
    dwell_s: float = 1.0
    kon_per_M_s: float = 1e6
    half: float = 50.0
    hill: float = 2.0

    def __post_init__(self):
        positive("synapse_area_um2", self.synapse_area_um2, "the area of the synapse in µm²")
        within("gap_nm", self.gap_nm, 0.1, 100, "the gap between the membranes in nm")
        positive("cars", self.cars, "the CARs in the synapse")
        share = within(
            "antigen_in_synapse", self.antigen_in_synapse, 0, 1, "the share in the synapse, above 0"
        )
        positive("antigen_in_synapse", share, "the share of antigens in the synapse")
        whole("steps", self.steps, 0, 100, "the proofreading steps")
        positive("dwell_s", self.dwell_s, "the time of a proofreading step in seconds")
        positive("kon_per_M_s", self.kon_per_M_s, "the on-rate in 1/(M s)")
        positive("half", self.half, "the signalling bonds of half killing")
        within("hill", self.hill, 0.1, 40, "the Hill exponent")

    def kd_molecules(self, kd_nM):
        """K_D as molecules per synapse, with the defaults 0.45 for each nM."""
        return kd_2d(kd_nM / 1000, self.gap_nm) * self.synapse_area_um2

    def proofread(self, kd_nM):
        """Share of bonds that last long enough to signal: (1 + k_off·τ)^(−steps), k_off = K_D·k_on."""
        return (1 + kd_nM * 1e-9 * self.kon_per_M_s * self.dwell_s) ** -float(self.steps)


@dataclass(frozen=True)
class SynapseSignal:
    """``bonds`` between CARs and antigens in one synapse, those that are ``signalling``, and ``lysis`` (0 to 1)."""

    bonds: float | np.ndarray
    signalling: float | np.ndarray
    lysis: float | np.ndarray


DEFAULT = GateParameters()


def recognise(antigens_per_cell, kd_nM, parameters: GateParameters = DEFAULT) -> SynapseSignal:
    """What a CAR of this affinity makes of a cell with so many antigens.

    Bonds C solve (R − C)(a − C) = K·C with R CARs, a antigens in the synapse and K = K_D in molecules.
    Signalling bonds are C·φ, φ = (1 + k_off·τ)^(−steps); lysis = (Cφ)^h / ((Cφ)^h + half^h).

    ``antigens_per_cell`` (0 or more) and ``kd_nM`` (above 0) are numbers or arrays that broadcast; anything
    else raises ValueError. Limits: a teaching model, not fitted. The on-rate is the same for every binder;
    a bond that holds too long does no harm here (no serial triggering), and CARs do not cluster.
    """
    antigens = not_negative("antigens_per_cell", antigens_per_cell, "the antigens on a cell")
    kd = positive("kd_nM", kd_nM, "the dissociation constant in nM")
    a, r = antigens * parameters.antigen_in_synapse, parameters.cars
    k = parameters.kd_molecules(kd)
    # The smaller root of C² − (R + a + K)·C + R·a, in the form that does not cancel when one term is small.
    bonds = 2 * r * a / (r + a + k + np.sqrt((r - a) ** 2 + k * (2 * (r + a) + k)))
    signalling = bonds * parameters.proofread(kd)
    power = (signalling / parameters.half) ** parameters.hill
    return SynapseSignal(plain(bonds), plain(signalling), plain(power / (1 + power)))


def antigens_for_lysis(kd_nM, lysis=0.5, parameters: GateParameters = DEFAULT):
    """Antigens per cell at which a CAR of this affinity reaches ``lysis``; by default the EC50.

    ``recognise`` read backwards, which needs no search: the bonds needed, C, ask for a = C + K·C/(R − C)
    antigens in the synapse. Infinite where even all CARs bound would not signal enough.

    ``kd_nM`` and ``lysis`` (above 0, below 1) are numbers or arrays that broadcast; anything else raises
    ValueError. Limits as in ``recognise``.
    """
    kd = positive("kd_nM", kd_nM, "the dissociation constant in nM")
    level = np.asarray(within("lysis", lysis, 1e-9, 1 - 1e-9, "the lysis to reach"))
    signalling = parameters.half * (level / (1 - level)) ** (1 / parameters.hill)
    with np.errstate(divide="ignore"):
        needed = signalling / parameters.proofread(kd)
        in_synapse = needed + parameters.kd_molecules(kd) * needed / np.maximum(parameters.cars - needed, 0)
    return plain(in_synapse / parameters.antigen_in_synapse)


# --- gates ---------------------------------------------------------------------------------------------

GATES = {
    "A": ("both", "only_a"),
    "A AND B": ("both",),
    "A OR B": ("both", "only_a", "only_b"),
    "A NOT B": ("only_a",),
}
"""Which of the four kinds of cells each gate attacks."""


def correlation_range(a, b) -> tuple:
    """Least and greatest correlation of two markers on shares ``a`` and ``b`` of the cells.

    The share with both cannot fall below max(0, a + b − 1) nor rise above min(a, b). With the odds
    o = share / (1 − share), so −√min(o_a·o_b, 1/(o_a·o_b)) ≤ correlation ≤ √min(o_a/o_b, o_b/o_a). A marker on
    all cells or on none cannot correlate: (0, 0). Numbers or arrays from 0 to 1; anything else raises
    ValueError.
    """
    a = within("a", a, 0, 1, "the share of cells with marker A")
    b = within("b", b, 0, 1, "the share of cells with marker B")
    return plain(0 - _root_ratio(a * b, (1 - a) * (1 - b))), plain(_root_ratio(a * (1 - b), b * (1 - a)))


def _root_ratio(x, y):
    """√(smaller / larger); 0 where both are 0."""
    smaller, larger = np.minimum(x, y), np.maximum(x, y)
    return np.sqrt(smaller / np.where(larger > 0, larger, 1))


@dataclass(frozen=True)
class TwoMarkers:
    """A tissue whose cells show marker A (share ``a``) and marker B (share ``b``), with a ``correlation``.

    The share with both is a·b + correlation·√(a(1−a)·b(1−b)); 0 means that one marker says nothing about the
    other. Numbers or arrays that broadcast. A share outside 0 to 1, or a correlation that these shares do not
    allow (``correlation_range``), raises ValueError.
    """

    a: float | np.ndarray
    b: float | np.ndarray
    correlation: float | np.ndarray = 0.0

    def __post_init__(self):
        a = within("a", self.a, 0, 1, "the share of cells with marker A")
        b = within("b", self.b, 0, 1, "the share of cells with marker B")
        rho = finite("correlation", self.correlation, "the correlation of the two markers")
        keep(self, a=a, b=b, correlation=rho)
        low, high = correlation_range(a, b)
        rho, low, high, a, b = np.broadcast_arrays(rho, low, high, a, b)
        bad = np.argwhere((rho < low - 1e-9) | (rho > high + 1e-9))
        if len(bad):
            i = tuple(bad[0])
            raise ValueError(
                f"correlation is {rho[i]:g}: with A on {a[i]:g} and B on {b[i]:g} of the cells, "
                f"give one between {low[i]:.3g} and {high[i]:.3g}"
            )

    @property
    def both(self):
        """Share of cells with A and B."""
        a, b = self.a, self.b
        both = a * b + self.correlation * np.sqrt(a * (1 - a) * b * (1 - b))
        return plain(np.clip(both, np.maximum(0, a + b - 1), np.minimum(a, b)))

    @property
    def only_a(self):
        """Share of cells with A and without B."""
        return self.a - self.both

    @property
    def only_b(self):
        """Share of cells with B and without A."""
        return self.b - self.both

    @property
    def neither(self):
        """Share of cells without A and B: no gate of these two sees them."""
        return plain(np.maximum(0.0, 1 - self.a - self.b + self.both))

    def attacked(self, gate: str):
        """Share of cells that a gate (a key of ``GATES``) attacks."""
        return sum(getattr(self, kind) for kind in GATES[one_of("gate", gate, GATES)])


@dataclass(frozen=True)
class GateOutcome:
    """A gate's two failures: ``tumour_missed``, the way to relapse, and ``healthy_hit``, off-tumour harm."""

    tumour_hit: float | np.ndarray
    healthy_hit: float | np.ndarray

    @property
    def tumour_missed(self):
        """Share of the tumour that the gate leaves."""
        return 1 - self.tumour_hit


def gate_outcome(gate: str, tumour: TwoMarkers, healthy: TwoMarkers) -> GateOutcome:
    """What a gate does to a tumour and to a healthy tissue; ``gate`` is a key of ``GATES``.

    Limits: a marker is there or not, and a gate never leaks. How much antigen counts as "there" is the
    question of ``recognise``.
    """
    return GateOutcome(tumour.attacked(gate), healthy.attacked(gate))


# --- escape --------------------------------------------------------------------------------------------


def loss_variants(loss_rate, cells, targets=1):
    """Cells expected to have lost every one of ``targets`` antigens while the tumour grew: u^targets · N.

    ``loss_rate`` u is the chance, from 0 to 1, that a new cell has just lost one antigen; ``cells`` N is the
    size of the tumour (0 or more), ``targets`` a whole number from 1. u and N may be arrays. Anything else
    raises ValueError. Limits: as many new cells as the tumour holds, and no cell that inherits a loss. With
    several targets it leaves out losses one after the other in a clone, and one event that costs both
    antigens: escape is then likelier than this says.
    """
    u = within("loss_rate", loss_rate, 0, 1, "the chance that a new cell has lost an antigen")
    n = not_negative("cells", cells, "the cells of the tumour")
    return u ** whole("targets", targets, 1, 10, "the number of targets") * n


def no_loss_variant(loss_rate, cells, targets=1):
    """Chance that no cell lost every target before treatment: exp(−u^targets · N). As ``loss_variants``."""
    return plain(np.exp(-loss_variants(loss_rate, cells, targets)))


def time_to_relapse_d(surviving_fraction, cells, doubling_time_d, visible_cells):
    """Days until the cells that a therapy left are ``visible_cells`` again: T_d · log2(visible / survivors).

    ``surviving_fraction`` (0 to 1) of ``cells`` survives all at once and doubles every ``doubling_time_d``
    days. Fewer than one survivor never relapses (infinite); 0 if the survivors are visible from the start.
    Numbers or arrays; other values raise ValueError. Limits: a teaching model; undisturbed exponential
    growth, without chance in the last cells, and without T cells that still kill.
    """
    fraction = within("surviving_fraction", surviving_fraction, 0, 1, "the share of cells that survive")
    survivors = np.asarray(fraction * positive("cells", cells, "the cells of the tumour"))
    doubling = positive("doubling_time_d", doubling_time_d, "the doubling time in days")
    visible = positive("visible_cells", visible_cells, "the cells at which the relapse is seen")
    days = doubling * np.maximum(0.0, np.log2(visible / np.maximum(survivors, 1)))
    return plain(np.where(survivors < 1, np.inf, days))
