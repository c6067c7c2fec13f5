"""The block of the network inside kernels holds, and the canary notices when it is missing.

The canary is ``canary.ipynb``, which pytest runs with nbval like a lesson. Here its code runs in a Python of
its own, with the block and without it. Nothing leaves the machine in either case: where the block is missing,
an audit hook stands in for the network and answers.
"""

import os
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from tools.kernels import NO_NETWORK

FOLDER = Path(__file__).parent
CELLS = [
    cell for cell in nbformat.read(FOLDER / "canary.ipynb", as_version=4).cells if cell.cell_type == "code"
]
SAVED = "".join(output.text for cell in CELLS for output in cell.outputs)
CANARY = "\n".join(cell.source for cell in CELLS)
STAND_IN = """
import sys
def network(event, arguments):
    if event in ("socket.connect", "socket.getaddrinfo", "socket.sendto"):
        raise ConnectionError("the network was reached")
sys.addaudithook(network)
"""


def python(code: str, *path: Path) -> str:
    """What a fresh Python prints, with these folders first on its path."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(map(str, path))}
    result = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, timeout=60, check=True
    )
    return result.stdout


def test_the_canary_is_refused():
    assert python(CANARY, NO_NETWORK) == SAVED
    assert SAVED.count("was refused") == 3


def test_without_the_block_the_canary_fails():
    assert python(STAND_IN + CANARY) != SAVED
    assert "the network was reached" in python(STAND_IN + CANARY)


@pytest.mark.parametrize(
    "attempt",
    [
        'socket.socket().connect(("192.0.2.1", 80))',
        'socket.socket().connect_ex(("192.0.2.1", 80))',
        'socket.socket(socket.AF_INET6).connect(("2001:db8::1", 80))',
        'socket.socket(type=socket.SOCK_DGRAM).sendmsg([b""], [], 0, ("192.0.2.1", 53))',
        'socket.gethostbyname("example.invalid")',
        'socket.gethostbyaddr("192.0.2.1")',
        'socket.getnameinfo(("192.0.2.1", 80), 0)',
        'urllib.request.urlopen("https://example.invalid")',
        "asyncio.run(asyncio.open_connection('192.0.2.1', 80))",
    ],
)
def test_every_way_out_is_closed(attempt):
    code = f"""
import asyncio, socket, urllib.request
try:
    {attempt}
except OSError as error:
    print(error)
"""
    assert "no network in a lesson" in python(code, NO_NETWORK)


def test_a_child_process_is_refused_too():
    child = 'import socket; socket.gethostbyname("example.invalid")'
    code = (
        f"import subprocess, sys; subprocess.run([sys.executable, '-c', {child!r}], stderr=subprocess.STDOUT)"
    )
    assert "no network in a lesson" in python(code, NO_NETWORK)


def test_the_machine_itself_stays_within_reach():
    code = """
import socket
with socket.create_server(("127.0.0.1", 0)) as server:
    for host in ("127.0.0.1", "localhost"):
        socket.create_connection((host, server.getsockname()[1]), 5).close()
one, other = socket.socketpair()
one.sendall(b"x")
print("reached")
"""
    assert python(code, NO_NETWORK) == "reached\n"


def test_a_sitecustomize_of_the_machine_still_runs(tmp_path):
    (tmp_path / "sitecustomize.py").write_text("import sys\nsys.from_the_machine = True\n", encoding="utf8")
    code = "import sys, sitecustomize; print(sys.from_the_machine, sitecustomize.__file__, sep='\\n')"
    assert python(code, NO_NETWORK, tmp_path).splitlines() == ["True", str(NO_NETWORK / "sitecustomize.py")]
