"""The way in: `masterplan`, and `python -m masterplan`. Ctrl-C ends it quietly from the first moment, while it is still being loaded."""

import sys


def main() -> None:
    """Run the command line."""
    try:
        from masterplan.cli import main as run

        run()
    except KeyboardInterrupt:
        sys.exit(130)  # as `outcome.ExitCode.INTERRUPTED`, which would have to be loaded


if __name__ == "__main__":
    main()
