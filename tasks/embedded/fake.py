"""The last resort among brokers: fakeredis behind a socket, in a process of its own. Keeps nothing."""

import sys
import threading

from dramatiq.brokers.redis import RedisBroker
from fakeredis import TcpFakeServer


def serve(port: int) -> None:
    """Serve 127.0.0.1:`port` until the process is stopped."""
    server = TcpFakeServer(("127.0.0.1", port))
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    load_scripts(f"redis://127.0.0.1:{port}/0")
    thread.join()


def load_scripts(url: str) -> None:
    """Load dramatiq's scripts. A real server asks for an unknown one; this one closes the connection (2.40)."""
    broker = RedisBroker(url=url)
    for script in broker.scripts.values():
        broker.client.script_load(script.script)
    broker.close()
    broker.client.close()


if __name__ == "__main__":
    serve(int(sys.argv[1]))
