"""The results as text: on the terminal, and as tables between two marks in README.md."""

from collections.abc import Iterator
from pathlib import Path

from benchmarks.interaction import AHEAD, ALONE, FRESH, WAYS

README = Path(__file__).with_name("README.md")
BEGIN, END = "<!-- results: written by python -m benchmarks -->", "<!-- end of the results -->"
PLACES = {"near": "kernel on this machine", "far": "75 ms away, each way"}

Row = list[str]


def tables(results: dict) -> Iterator[tuple[str, list[Row]]]:
    """Title and rows of each table; the first row is the head."""
    yield "Key press to changed pixels (ms)", list(moves(results["moves"]))
    yield "How many times faster than interact", list(ratios(results["moves"]))
    yield "Where the time of a move goes (median ms)", list(stages(results["profile"]))
    yield "A whole lesson", list(lesson(results["lesson"]))
    yield "Machine", [["", ""], *([name, str(value)] for name, value in described(results["machine"]))]


def moves(found: dict) -> Iterator[Row]:
    head = ["", "moves"]
    for words in PLACES.values():
        head += [f"{words}: median", "p95", "drawn ahead", "kB received", "kB sent"]
    yield head
    for way in WAYS:
        row = [way.words, str(found["near"][way.name]["moves"])]
        for place in PLACES:
            timing = found[place][way.name]
            hits = f"{timing['hits']} of {timing['moves']}" if way is AHEAD else ""
            row += [f"{timing['median_ms']:.0f}", f"{timing['p95_ms']:.0f}", hits]
            row += [f"{timing['received_kB']:.1f}", f"{timing['sent_kB']:.1f}"]
        yield row


def ratios(found: dict) -> Iterator[Row]:
    yield ["medians", *PLACES.values(), "target, kernel on this machine"]
    for way, target in ((ALONE, "at least 3"), (AHEAD, "at least 6")):
        values = [
            found[place][FRESH.name]["median_ms"] / found[place][way.name]["median_ms"] for place in PLACES
        ]
        yield [f"(a) / {way.words}", *(f"{value:.1f}" for value in values), target]


def stages(profile: dict) -> Iterator[Row]:
    yield ["", "round trip", "drawn ahead"]
    trip, hit = profile["round trip"], profile["hit"]
    found_early = [name for name in hit if name not in trip]
    for name in [*found_early, *trip]:
        yield [name, *(f"{part[name]:.1f}" if name in part else "" for part in (trip, hit))]


def lesson(found: dict) -> Iterator[Row]:
    yield ["", "measured", "target"]
    seconds, megabytes = "{:.1f} s".format, "{:.0f} MB".format
    yield ["from the address to JupyterLab with its kernel", seconds(found["lab_and_kernel_s"]), ""]
    yield ["then to all cells run and shown", seconds(found["run_all_s"]), ""]
    yield ["both: opening to all cells run", seconds(found["open_to_run_s"]), ""]
    yield ["the kernel's memory, all cells run", megabytes(found["memory_after_run_MB"]), ""]
    yield ["the same after every preset", megabytes(found["memory_after_use_MB"]), "below 300 MB"]
    yield ["import immunolab", f"{found['import_s']:.3f} s", "below 0.3 s"]
    yield ["the lesson's first cell", f"{found['first_cell_s']:.2f} s", ""]


def described(machine: dict) -> Iterator[tuple[str, object]]:
    packages = ", ".join(f"{name} {version}" for name, version in machine["packages"].items())
    yield from ((name, value) for name, value in machine.items() if name != "packages")
    yield "packages", packages


def as_text(results: dict) -> str:
    """Tables for a terminal."""
    return "\n\n".join(f"{title}\n{aligned(rows)}" for title, rows in tables(results))


def aligned(rows: list[Row]) -> str:
    widths = [max(len(cell) for cell in column) for column in zip(*rows, strict=True)]
    lines = (
        [
            row[0].ljust(widths[0]),
            *(cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True)),
        ]
        for row in rows
    )
    return "\n".join("  ".join(line).rstrip() for line in lines)


def as_markdown(results: dict) -> str:
    """The same tables for README.md."""
    return "\n\n".join(f"### {title}\n\n{marked(rows)}" for title, rows in tables(results))


def marked(rows: list[Row]) -> str:
    head, *body = rows
    rule = ["---", *["---:"] * (len(head) - 1)]
    return "\n".join(f"| {' | '.join(row)} |" for row in [head, rule, *body])


def write_readme(results: dict) -> None:
    """Replace what stands between the marks."""
    before, rest = README.read_text("utf8").split(BEGIN)
    after = rest.split(END)[1]
    README.write_text(f"{before}{BEGIN}\n\n{as_markdown(results)}\n\n{END}{after}", encoding="utf8")
