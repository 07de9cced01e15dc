# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A proxy that delays all data: wire.py PORT-OF-THE-SERVICE SECONDS-OF-A-ROUND-TRIP."""

from __future__ import annotations

import asyncio
import sys


async def carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, seconds: float, first: float) -> None:
    """Forward one direction. The first data is delayed longer, by the handshake of TCP."""
    loop = asyncio.get_running_loop()
    due: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue()

    async def deliver() -> None:
        while True:
            moment, piece = await due.get()
            await asyncio.sleep(max(0.0, moment - loop.time()))
            if not piece:
                writer.close()
                return
            writer.write(piece)
            await writer.drain()

    delivery = asyncio.create_task(deliver())
    begun = loop.time()
    try:
        while piece := await reader.read(65536):
            due.put_nowait((max(loop.time(), begun + first) + seconds, piece))
    except ConnectionError:
        pass
    due.put_nowait((loop.time() + seconds, b""))
    await delivery


async def main(port: int, seconds: float) -> None:
    """Listen on a free port, print it, and forward all connections."""

    async def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        far_reader, far_writer = await asyncio.open_connection("127.0.0.1", port)
        await asyncio.gather(
            carry(reader, far_writer, seconds / 2, seconds),
            carry(far_reader, writer, seconds / 2, 0.0),
            return_exceptions=True,
        )

    server = await asyncio.start_server(accept, "127.0.0.1")
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), float(sys.argv[2])))
