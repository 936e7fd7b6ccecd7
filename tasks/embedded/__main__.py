"""`python -m tasks.embedded`: serve the data folder that the environment names."""

import sys

import telemetry
from settings import Settings, SettingsError
from tasks.embedded.serve import BrokerError, serve


def main() -> int:
    """Serve until stopped; the process's exit code."""
    try:
        settings = Settings.from_env()
        telemetry.configure(settings)
        return serve(settings.data_dir)
    except (SettingsError, BrokerError) as error:
        sys.stderr.write(f"{error}\n")
        return 1


if __name__ == "__main__":
    sys.exit(main())
