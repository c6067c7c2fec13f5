"""A TCP proxy on loopback that holds everything back for a while, as a long way to the kernel would.

Bytes keep their order and arrive ``delay_s`` later, each way. Bandwidth is not limited, and nothing is lost.
"""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

CHUNK_BYTES = 65_536
MOST_CHUNKS = 256  # under way in one direction of one connection; then the sender has to wait
LIFETIME_S = 900  # it ends by itself, whatever becomes of its owner


@dataclass
class Distance:
    """The way through the proxy: where it listens, and its delay in one direction, which may be changed any time."""

    port: int = 0
    delay_s: float = 0.0


@contextmanager
def distance_to(port: int) -> Iterator[Distance]:
    """Listen on a free port of this machine, and pass on to ``port``; without a delay until one is set."""
    distance, ready, loop = Distance(), threading.Event(), asyncio.new_event_loop()
    ending = asyncio.Event()

    def run() -> None:
        with suppress(TimeoutError):
            loop.run_until_complete(asyncio.wait_for(_serve(distance, port, ready, ending), LIFETIME_S))
        loop.close()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    try:
        if not ready.wait(10):
            raise RuntimeError("The delaying proxy did not start within 10 seconds.")
        yield distance
    finally:
        with suppress(RuntimeError):  # it had ended by itself
            loop.call_soon_threadsafe(ending.set)
        thread.join(10)


async def _serve(distance: Distance, port: int, ready: threading.Event, ending: asyncio.Event) -> None:
    open_ones: set[asyncio.Task] = set()

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        open_ones.add(asyncio.current_task())
        try:
            await _join(reader, writer, port, distance)
        finally:
            open_ones.discard(asyncio.current_task())

    server = await asyncio.start_server(connected, "127.0.0.1", 0)
    distance.port = server.sockets[0].getsockname()[1]
    ready.set()
    try:
        await ending.wait()
    finally:
        server.close()
        for task in open_ones:
            task.cancel()
        await asyncio.gather(*open_ones, return_exceptions=True)


async def _join(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, port: int, distance: Distance
) -> None:
    """One connection: both directions, until both have ended or one is broken."""
    with suppress(OSError, asyncio.CancelledError):
        far_reader, far_writer = await asyncio.open_connection("127.0.0.1", port)
        try:
            await asyncio.gather(_carry(reader, far_writer, distance), _carry(far_reader, writer, distance))
        finally:
            far_writer.close()
    writer.close()


async def _carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, distance: Distance) -> None:
    """One direction: what is read is written when its delay is over."""
    clock = asyncio.get_running_loop().time
    under_way: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue(MOST_CHUNKS)

    async def take() -> None:
        chunk = b"first"
        while chunk:  # an empty one is the end, and travels like the others
            chunk = await reader.read(CHUNK_BYTES)
            await under_way.put((clock() + distance.delay_s, chunk))

    async def give() -> None:
        while True:
            due, chunk = await under_way.get()
            await asyncio.sleep(max(0.0, due - clock()))
            if not chunk:
                break
            writer.write(chunk)
            await writer.drain()
        writer.write_eof()

    taking = asyncio.create_task(take())
    try:
        await give()
    finally:
        taking.cancel()
