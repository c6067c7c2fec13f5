"""Refuses the network to every Python that starts with this folder on PYTHONPATH: the kernels of a test run.

A kernel is a process of its own, so a block inside pytest does not reach it; Python imports ``sitecustomize``
before anything else, which does. The block is an audit hook: it sees each connection and each look-up of a
name, whichever library asks, and cannot be taken out again. Loopback and Unix sockets stay open: a kernel
lives by them.
"""

import sys
from importlib.machinery import PathFinder
from importlib.util import module_from_spec
from ipaddress import ip_address
from pathlib import Path

CONNECTIONS = {"socket.connect", "socket.sendto", "socket.sendmsg"}  # arguments: socket, address
LOOKUPS = {
    "socket.getaddrinfo",
    "socket.gethostbyname",
    "socket.gethostbyaddr",
    "socket.getnameinfo",
}  # host first


def host_of(event: str, arguments: tuple) -> object:
    """The host that an audit event is about; None where no other machine is meant (a Unix path)."""
    if event in CONNECTIONS:
        address = arguments[1]
        return address[0] if isinstance(address, tuple) else None
    if event in LOOKUPS:
        address = arguments[0]
        return address[0] if isinstance(address, tuple) else address
    return None


def is_local(host: object) -> bool:
    """Whether a host is this machine; an integer is an address of the operating system, not of a network."""
    if isinstance(host, bytes | bytearray):
        host = host.decode("ascii", "replace")
    if not isinstance(host, str) or host in ("", "localhost"):
        return True
    try:
        return ip_address(host.partition("%")[0]).is_loopback
    except ValueError:
        return False


def refuse(event: str, arguments: tuple) -> None:
    """Audit hook: raises PermissionError where a socket would leave this machine."""
    if event.startswith("socket.") and not is_local(host := host_of(event, arguments)):
        raise PermissionError(f"no network in a lesson: {host!r} was refused")


def run_shadowed() -> None:
    """Run the sitecustomize that this one hides, if the machine has one: its settings stay in force."""
    here = Path(__file__).resolve().parent
    spec = PathFinder.find_spec(
        "sitecustomize", [entry for entry in sys.path if Path(entry).resolve() != here]
    )
    if spec is not None and spec.loader is not None:
        spec.loader.exec_module(module_from_spec(spec))


sys.addaudithook(refuse)
run_shadowed()
