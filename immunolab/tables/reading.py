"""Reading the tables: whole files, rows as records, terms, sources, and which facts have aged.

The files are read from the installed package, once, so the loaders work from any folder.
"""

import calendar
from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date
from functools import cache
from importlib import resources

import pandas as pd

EVIDENCE = ("measured", "fitted", "assumed", "illustrative")
WARN_MONTHS, ERROR_MONTHS = 4, 8

_DATA = resources.files("immunolab") / "data"
_WHOLE_NUMBERS = dict.fromkeys(
    ("n", "n_doses", "n_drug", "n_control", "n_total", "patients", "successes", "cases"), "Int64"
)
_YES_NO = ("default", "complete", "censored", "confirmed")


@dataclass(frozen=True)
class Source:
    """One entry of ``sources.bib``: ``text`` is a short citation; identifiers that do not exist are None."""

    key: str
    text: str
    title: str
    doi: str | None
    pmid: str | None
    url: str | None

    @property
    def link(self) -> str:
        """Where it can be read, as a Markdown link: by DOI, PubMed number or address; empty without any."""
        if self.url is None:
            return ""
        words = f"doi:{self.doi}" if self.doi else f"PubMed {self.pmid}" if self.pmid else self.url
        return f"[{words}]({self.url})"


def tables() -> list[str]:
    """The names that ``table`` accepts."""
    return sorted(path.name.removesuffix(".csv") for path in _DATA.iterdir() if path.name.endswith(".csv"))


def table(name: str) -> pd.DataFrame:
    """A whole table, one row a number or a parameter set. The copy is yours to change.

    Raises ValueError that lists the tables if there is none of this name.
    """
    known(name, tables(), "table")
    return read(name).copy()


def approvals(jurisdiction: str | None = None) -> pd.DataFrame:
    """Approved products of the course. Dated: see ``last_checked``. A product not listed is not judged.

    Raises ValueError that lists the jurisdictions.
    """
    rows = read("approvals")
    if jurisdiction is None:
        return rows.copy()
    known(jurisdiction, rows["jurisdiction"].unique(), "jurisdiction")
    return rows[rows["jurisdiction"] == jurisdiction].reset_index(drop=True)


def glossary(lesson: str | None = None) -> dict[str, str]:
    """Term to definition, for the whole course or for one lesson (its stem); empty for a lesson without terms."""
    rows = read("glossary")
    if lesson is not None:
        rows = rows[rows["lesson"] == lesson]
    return dict(zip(rows["term"], rows["definition"], strict=True))


def source(key: str) -> Source:
    """The source behind a number. Raises ValueError that lists the keys."""
    entries = _bibliography()
    known(key, entries, "source")
    return entries[key]


def sources() -> list[str]:
    """Every key of ``sources.bib``."""
    return sorted(_bibliography())


@dataclass(frozen=True)
class Stale:
    """A dated row whose last check lies ``months`` back."""

    table: str
    row: str
    checked: date
    months: int


def stale(today: date | None = None, months: int = WARN_MONTHS) -> list[Stale]:
    """Dated rows (``last_checked`` or ``as_of``) that were checked ``months`` months ago or earlier."""
    today = today or date.today()
    found = []
    for name in tables():
        rows = read(name)
        for column in ("last_checked", "as_of"):
            if column not in rows:
                continue
            for label, text in zip(rows.iloc[:, 0], rows[column], strict=True):
                if pd.isna(text):
                    continue
                checked = date.fromisoformat(text)
                age = _whole_months(checked, today)
                if age >= months:
                    found.append(Stale(name, str(label), checked, age))
    return found


def _whole_months(start: date, end: date) -> int:
    # The 31st counts as reached on the last day of a shorter month.
    last_day = calendar.monthrange(end.year, end.month)[1]
    not_yet = end.day < min(start.day, last_day)
    return (end.year - start.year) * 12 + end.month - start.month - not_yet


@cache
def read(name: str) -> pd.DataFrame:
    """A whole table, shared by all who ask: not to be changed."""
    with (_DATA / f"{name}.csv").open(encoding="utf-8") as file:
        rows = pd.read_csv(file, keep_default_na=False, na_values=[""], dtype=_WHOLE_NUMBERS)
    for column in rows.columns.intersection(_YES_NO):
        rows[column] = rows[column].isin(["yes", "upper"])
    return rows


def pick(rows: pd.DataFrame, study: str | None, what: str) -> pd.Series:
    """The row of a study, or the default row."""
    if study is None:
        return rows[rows["default"]].iloc[0]
    known(study, rows["study"], what)
    return rows[rows["study"] == study].iloc[0]


def known(name: str, names: Iterable[str], what: str) -> None:
    """Raise ValueError that lists the names, unless ``name`` is one of them."""
    names = list(names)
    if name not in names:
        raise ValueError(f"No {what} is called {name!r}. Known: {', '.join(names)}.")


def chosen(name: str, /, **choice: str | None) -> pd.DataFrame:
    """The rows of a table that have these values; None leaves a column open."""
    rows = read(name)
    for column, value in choice.items():
        if value is not None:
            known(value, read(name)[column].dropna().unique(), column)
            rows = rows[rows[column] == value]
    return rows.reset_index(drop=True)


def default_first(rows: pd.DataFrame) -> pd.DataFrame:
    return rows.sort_values("default", ascending=False, kind="stable")


def record(kind: type, row: pd.Series):
    """A row as a dataclass, field by column of the same name; empty cells become None."""
    return kind(**{field.name: plain(row[field.name]) for field in fields(kind)})


def plain(value: object):
    """A cell as Python's own type, None where it is empty."""
    if pd.isna(value):
        return None
    return value.item() if hasattr(value, "item") else value


@cache
def _bibliography() -> dict[str, Source]:
    from pybtex.database import parse_string  # loaded only when someone asks for a source

    bibliography = parse_string((_DATA / "sources.bib").read_text(encoding="utf-8"), "bibtex")
    return {key: _as_source(key, entry) for key, entry in bibliography.entries.items()}


def _as_source(key: str, entry) -> Source:
    fields = {name: value.replace("{", "").replace("}", "") for name, value in entry.fields.items()}
    place = fields.get("journal") or fields.get("howpublished") or fields.get("publisher", "")
    volume = fields.get("volume", "")
    pages = fields.get("pages", "").replace("--", "–")
    where = ":".join(part for part in (volume, pages) if part)
    detail = f"{place} {fields['year']}" + (f";{where}" if where else "")
    doi, pmid = fields.get("doi"), fields.get("pmid")
    if doi:
        url = f"https://doi.org/{doi}"
    else:
        url = f"https://pubmed.ncbi.nlm.nih.gov/{pmid}/" if pmid else fields.get("url")
    text = f"{_authors(entry)}. {fields['title']}. {detail}."
    return Source(key, text, fields["title"], doi, pmid, url)


def _authors(entry) -> str:
    """One or two names in full, more as ``First et al.``; organisations as they write themselves."""
    people = entry.persons.get("author", [])
    names = [" ".join(person.prelast_names + person.last_names).strip("{}") for person in people]
    if not names:
        return entry.fields["publisher"]
    return f"{names[0]} et al" if len(names) > 2 or names[-1] == "others" else " and ".join(names)
