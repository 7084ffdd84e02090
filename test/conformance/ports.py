"""Ports for emulators that have to be told theirs before they start."""

import random
import socket

# Below what systems hand out to those who ask for any port: until the emulator listens, nobody else can get its port, and
# no simulated AWS of another run hears the questions whether it is ready.
FIRST, LAST = 20000, 32000


def free_port() -> int:
    for port in random.sample(range(FIRST, LAST), 100):
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise AssertionError(f"no free port between {FIRST} and {LAST}")
