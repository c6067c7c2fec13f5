"""CAR-T cells and their relatives: products and their parts, trials, manufacture, kinetics and safety."""

from dataclasses import dataclass, fields, replace
from functools import cache

import pandas as pd

from immunolab.models.car_t import CARTmathParameters, KimmelParameters, LeonTrianaParameters
from immunolab.models.cellular_kinetics import ExpansionCurve, Variability
from immunolab.models.cytokine_storm import StormParameters
from immunolab.tables.reading import chosen, known, read, record

PARTS = ("binder", "hinge", "transmembrane", "costimulation", "signal", "vector")


@dataclass(frozen=True)
class CARPart:
    """One part of a product. ``confirmed`` is False where no source at hand prints it; ``source`` is then None."""

    product: str
    part: str
    value: str
    confirmed: bool
    source: str | None
    note: str | None


@dataclass(frozen=True)
class CARProduct:
    """An approved CAR-T product; ``short`` is its usual short name, ``pivotal`` the trials behind its approval."""

    name: str
    short: str
    brand: str
    target: str
    cancers: str
    pivotal: str
    company: str
    source: str

    @property
    def parts(self) -> dict[str, CARPart]:
        """The parts of the receptor from the outside inwards, then the vector that carries its gene."""
        rows = read("car_parts")
        return {row["part"]: record(CARPart, row) for _, row in rows[rows["product"] == self.name].iterrows()}


@dataclass(frozen=True)
class ReleaseBatch:
    """One batch of a CAR-T product: share of cells with the CAR, and copies of its gene per cell of the batch."""

    batch: int
    product: str
    car_positive_percent: float
    copies_per_cell: float
    source: str

    @property
    def car_positive(self) -> float:
        """The share of cells with the CAR, from 0 to 1, as the models take it."""
        return self.car_positive_percent / 100


@dataclass(frozen=True)
class MouseExperiment:
    """What was given to the mice of a CARTmath line, in the form that ``simulate_cartmath`` takes."""

    tumour_cells: float
    infusions: tuple[tuple[float, float], ...]
    challenges: tuple[tuple[float, float], ...]


def car_products() -> list[str]:
    """The names that ``car_product`` accepts, in the order of their first US approval."""
    return list(read("car_products")["name"])


@cache
def car_product(name: str) -> CARProduct:
    """A product by its full or its short name. Raises ValueError that lists the known ones."""
    rows = read("car_products")
    if name in set(rows["short"]):
        return record(CARProduct, rows[rows["short"] == name].iloc[0])
    known(name, rows["name"], "CAR-T product")
    return record(CARProduct, rows[rows["name"] == name].iloc[0])


def matching_products(target: str | None = None, **parts: str | None) -> list[str]:
    """Products that have all these parts, confirmed or not: ``matching_products(hinge="CD28", vector=...)``.

    A part that is None or not named may be anything. Raises ValueError that lists the parts or their values.
    """
    for part, value in parts.items():
        known(part, PARTS, "part of a CAR")
        if value is not None:
            known(value, sorted(set(_parts(part))), part)
    if target is not None:
        known(target, read("car_products")["target"].unique(), "target of a CAR")
    wanted = {part: value for part, value in parts.items() if value is not None}
    return [
        name
        for name in car_products()
        if target in (None, car_product(name).target)
        and all(_parts(part)[name] == value for part, value in wanted.items())
    ]


def _parts(part: str) -> pd.Series:
    """The value of one part by product."""
    rows = read("car_parts")
    return rows[rows["part"] == part].set_index("product")["value"]


def cell_therapy_trials(
    kind: str | None = None, product: str | None = None, outcome: str | None = None
) -> pd.DataFrame:
    """Responses and severe reactions, one row a study and an outcome, with the denominator it belongs to.

    ``kind`` is ``"CAR-T"``, ``"TIL"``, ``"TCR-T"`` or ``"control"``. ``successes`` is empty where only a
    percentage was printed that fits several counts. Raises ValueError that lists the values of a column.
    """
    return chosen("cell_therapy_trials", kind=kind, product=product, outcome=outcome)


def release_batches() -> list[ReleaseBatch]:
    """The validation batches of ARI-0001, a CAR made at a hospital."""
    return [record(ReleaseBatch, row) for _, row in read("car_release_batches").iterrows()]


def release_criteria(product: str = "ARI-0001") -> pd.DataFrame:
    """What a batch must pass before it may be infused, as far as it is printed; ``least`` and ``most`` in ``unit``.

    Raises ValueError that lists the products.
    """
    return chosen("car_release_criteria", product=product)


def vein_to_vein(product: str | None = None) -> pd.DataFrame:
    """Days from the collection of blood cells to the infusion, as medians. Raises ValueError as above."""
    return chosen("vein_to_vein", product=product)


def antigen_escape() -> pd.DataFrame:
    """Relapses after CD19 CAR-T cells, by whether the leukaemia still carried CD19."""
    return read("antigen_escape").copy()


def second_cancers() -> pd.DataFrame:
    """What is counted of cancers after CAR-T cells, and over which denominator."""
    return read("second_cancers").copy()


def regulatory_actions(jurisdiction: str | None = None) -> pd.DataFrame:
    """What regulators asked of CAR-T cells as a class. Dated: see ``last_checked``."""
    return chosen("regulatory_actions", jurisdiction=jurisdiction)


def tocilizumab_response() -> pd.DataFrame:
    """How often severe cytokine release syndrome went after tocilizumab. No cohort had a control group."""
    return read("tocilizumab_response").copy()


def cytokine_sources() -> pd.DataFrame:
    """Which cells make the cytokines of the syndrome, and in which experiment that was seen."""
    return read("cytokine_sources").copy()


def astct_grades(syndrome: str) -> dict[int, dict[str, str]]:
    """Grade to sign to text, in the words of the course: ``astct_grades("CRS")`` or ``("ICANS")``."""
    rows = chosen("astct_grades", syndrome=syndrome)
    return {
        int(grade): dict(zip(group["sign"], group["text"], strict=True))
        for grade, group in rows.groupby("grade")
    }


def t_cell_counts() -> pd.DataFrame:
    """CAR-T cells per µL of blood after axi-cel: median and quartiles by day."""
    return read("car_t_counts").copy()


def car_kinetics(
    product: str = "tisagenlecleucel", *, c_max: float | None = None, slow_fraction: float | None = None
) -> ExpansionCurve:
    """The typical time course of the cells of a product in blood, as published.

    ``c_max`` (copies/µg DNA) and ``slow_fraction`` replace what the table holds; they must be given where it
    holds none, as for liso-cel, of which the paper's summary gives the times alone. Raises ValueError that
    lists the products, or names what is missing.
    """
    name = car_product(product).name
    values = _parameters("expansion curve", name)
    given = {"c_max": c_max, "slow_fraction": slow_fraction}
    values |= {parameter: value for parameter, value in given.items() if value is not None}
    if missing := [parameter for parameter in given if parameter not in values]:
        raise ValueError(f"No published {' and '.join(missing)} of {name} is at hand: give your own.")
    if "fold" in values:
        return ExpansionCurve(**_fields_of(ExpansionCurve, values))
    return ExpansionCurve.from_half_lives(**values)


def car_kinetics_variability(product: str = "tisagenlecleucel", reading: str = "variance") -> Variability:
    """How the parameters of ``car_kinetics`` differ between patients, as printed.

    ``reading`` says what the printed column is taken for: ``"variance"`` or ``"sd"`` of the logarithm. Raises
    ValueError that lists the products that have such a column.
    """
    name = car_product(product).name
    rows = read("cart_parameters").dropna(subset=["spread"])
    known(name, rows["set"].unique(), "product with a published variability")
    rows = rows[rows["set"] == name]
    return Variability(**dict(zip(rows["parameter"], rows["spread"], strict=True)), reading=reading)


def kinetics_parameters(product: str | None = None) -> pd.DataFrame:
    """The rows behind ``car_kinetics``, with units, intervals and notes, all products or one."""
    rows = chosen("cart_parameters", model="expansion curve")
    return rows if product is None else rows[rows["set"] == car_product(product).name].reset_index(drop=True)


def kimmel(**changes: float) -> KimmelParameters:
    """The typical patient of Kimmel et al. 2021; ``changes`` replaces fields, as in ``kimmel(r_b_per_d=0.19)``."""
    return replace(KimmelParameters(**_parameters("Kimmel", "typical")), **changes)


def leon_triana(**changes: float) -> LeonTrianaParameters:
    """The typical patient of León-Triana et al. 2021; ``changes`` replaces fields."""
    return replace(LeonTrianaParameters(**_parameters("León-Triana", "typical")), **changes)


def hanson(**changes: float) -> StormParameters:
    """The cytokine storm of Hanson et al. 2016; ``changes`` replaces fields."""
    return replace(StormParameters(**_parameters("Hanson", "typical")), **changes)


def cartmath_lines() -> list[str]:
    """The tumour lines, and drugs, that ``cartmath`` accepts."""
    rows = read("cart_parameters")
    return list(rows[rows["model"] == "CARTmath"]["set"].drop_duplicates())


def cartmath(line: str) -> CARTmathParameters:
    """Parameters of one tumour line of Barros et al. 2021. Raises ValueError that lists the lines."""
    known(line, cartmath_lines(), "line of CARTmath")
    # A line with a drug prints only what the drug changes.
    return CARTmathParameters(
        **_parameters("CARTmath", line.split(" with ")[0]) | _parameters("CARTmath", line)
    )


def cartmath_experiment(line: str) -> MouseExperiment:
    """Tumour, infusion and challenge of the experiment with this line. Raises ValueError that lists the lines."""
    known(line, cartmath_lines(), "line of CARTmath")
    values = _parameters("CARTmath experiment", line.split(" with ")[0])
    infusions = ((values["infusion_d"], values["infusion_cells"]),)
    challenged = "challenge_d" in values
    challenges = ((values["challenge_d"], values["challenge_cells"]),) if challenged else ()
    return MouseExperiment(values["tumour_cells"], infusions, challenges)


def _parameters(model: str, name: str) -> dict[str, float]:
    """Parameter to value of one published set."""
    rows = read("cart_parameters")
    rows = rows[(rows["model"] == model) & (rows["set"] == name)]
    return {
        parameter: float(value) for parameter, value in zip(rows["parameter"], rows["value"], strict=True)
    }


def _fields_of(kind: type, values: dict[str, float]) -> dict[str, float]:
    """The values that are fields of a dataclass; a paper's table holds more than the curve needs."""
    return {field.name: values[field.name] for field in fields(kind) if field.name in values}
