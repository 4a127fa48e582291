#!/usr/bin/env python3
"""The server of the workbook in Python: the protocol's table and nothing else.

python3 asyncio_server.py [port]
"""

import asyncio
import math
import sys

PLUS_ONE = bytes((c + 1) % 256 for c in range(256))


def is_prime(n):
    return n == 2 or (n > 2 and n % 2 == 1 and all(n % i for i in range(3, math.isqrt(n) + 1, 2)))


async def verdict(digits):
    if not digits.isdigit():
        return b"error: not a number\n" if digits else b"error: no digits\n"
    digits = digits.lstrip(b"0") or b"0"
    if len(digits) > 20 or int(digits) >= 2**64:
        return b"error: number too large\n"
    loop = asyncio.get_running_loop()
    prime = await loop.run_in_executor(None, is_prime, int(digits))  # the loop goes on meanwhile
    return b"prime\n" if prime else b"composite\n"


async def serve(reader, writer):
    writer.write(b"*")
    state, digits = "outside", b""
    while data := await reader.read(65536):
        while data:
            if state == "outside":
                _, opened, data = data.partition(b"^")
                state = "opened" if opened else state
            elif state == "opened" and data.startswith(b"P"):
                state, digits, data = "number", b"", data[1:]
            elif state == "opened":
                state = "echo"
            else:
                part, closed, data = data.partition(b"$")
                if state == "echo":
                    writer.write(part.translate(PLUS_ONE))
                else:
                    digits += part
                    if closed:
                        writer.write(await verdict(digits))
                        await writer.drain()  # a client that has left has no use for the next one
                state = "outside" if closed else state
        await writer.drain()  # if the client does not read, don't read from it either


async def client(reader, writer):
    try:
        await serve(reader, writer)
    except ConnectionError:
        pass  # it has left
    writer.close()


async def main():
    server = await asyncio.start_server(client, "127.0.0.1", int((sys.argv + [7878])[1]))
    print("listening on %s:%d" % server.sockets[0].getsockname(), flush=True)
    await server.serve_forever()


try:
    asyncio.run(main())
except KeyboardInterrupt:
    pass
