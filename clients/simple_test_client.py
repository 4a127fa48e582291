#!/usr/bin/env python3
"""Three clients at once: shows the order in which a server answers them.

usage: simple_test_client.py [host [port]]      (default: 127.0.0.1 7878)

LongPrime asks for 2^61-1, which takes the server more than a second. A moment later
Echo and SmallPrime connect, and each asks when it is greeted and the one before it has
been answered. Each client prints a line when it has its reply.
"""

import select
import socket
import sys
import time

TIMEOUT = 60  # seconds without a byte from the server
HEAD_START = 0.1  # seconds: a loop that is kept waiting would greet the others before it looks at LongPrime


class Client:
    def __init__(self, address, name, payload):
        self.name = name
        self.payload = payload
        self.greeted = False
        self.reply = b""
        self.done = False
        self.sock = socket.create_connection(address, TIMEOUT)

    def receive(self):
        """Takes what the server has sent: the greeting, then the reply."""
        data = self.sock.recv(4096)
        if not data:
            raise ConnectionError(f"{self.name}: the server hung up too early")
        if not self.greeted:
            if not data.startswith(b"*"):
                raise ValueError(f"{self.name}: greeted with {data!r} instead of '*'")
            self.greeted = True
            self.sock.sendall(b"^" + self.payload + b"$")
            data = data[1:]
        self.reply += data
        if self.complete():
            self.finish()

    def complete(self):
        """An echo is as long as its payload; the other replies end with a newline."""
        if self.payload.startswith(b"P") or self.reply.startswith(b"error: "):
            return self.reply.endswith(b"\n")
        return len(self.reply) >= len(self.payload)

    def finish(self):
        self.sock.close()
        self.done = True
        if self.payload.startswith(b"P"):
            text, expected = self.reply, b"prime\n"
        else:
            text, expected = bytes((b - 1) % 256 for b in self.reply), self.payload
        if text != expected:
            raise ValueError(f"{self.name}: the reply is {self.reply!r}")
        print(f"{self.name}: {text.decode().rstrip()}", flush=True)


def run(address):
    long = Client(address, "LongPrime", b"P2305843009213693951")
    while not long.greeted:
        long.receive()
    time.sleep(HEAD_START)
    echo = Client(address, "Echo", b"echo")
    small = Client(address, "SmallPrime", b"P7")
    for client in (echo, small, long):
        while not client.done:
            # LongPrime asked first: of two replies that are there, it takes its own first.
            waiting = [c for c in dict.fromkeys((long, client)) if not c.done]
            ready, _, _ = select.select([c.sock for c in waiting], [], [], TIMEOUT)
            if not ready:
                raise TimeoutError(f"{client.name}: no answer for {TIMEOUT} seconds")
            for c in waiting:
                if c.sock in ready:
                    c.receive()


def main():
    host, port = (sys.argv[1:] + ["127.0.0.1", "7878"][len(sys.argv) - 1 :])[:2]
    if len(sys.argv) > 3 or host.startswith("-") or not port.isdigit():
        sys.exit(__doc__)
    try:
        run((host, int(port)))
    except (OSError, ValueError) as err:
        sys.exit(f"{host}:{port}: {err}")


if __name__ == "__main__":
    main()
