"""`python -m tasks.embedded`: serve the data folder that the environment names.

With --while-stdin-open it ends when its standard input does: whoever started it is gone then, even if killed.
"""

import os
import signal
import sys
import threading

import telemetry
from settings import Settings, SettingsError
from tasks.embedded.serve import BrokerError, serve


def main() -> int:
    """Serve until stopped; the process's exit code."""
    if "--while-stdin-open" in sys.argv[1:]:
        threading.Thread(target=_end_with_stdin, daemon=True).start()
    try:
        settings = Settings.from_env()
        telemetry.configure(settings)
        return serve(settings.data_dir)
    except (SettingsError, BrokerError) as error:
        sys.stderr.write(f"{error}\n")
        return 1


def _end_with_stdin() -> None:
    while os.read(0, 1024):
        pass
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    sys.exit(main())
