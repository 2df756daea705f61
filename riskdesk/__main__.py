"""`python -m riskdesk` and the console script: run one command."""

from __future__ import annotations

import sys


def main() -> int:
    """Run the command line; its modules are imported here so that a reading child process does not load them."""
    from riskdesk.cli.main import main as run

    return run()


if __name__ == "__main__":
    sys.exit(main())
