"""Where `voiceapp` and `python -m voiceapp` begin: an interruption ends even the start quietly."""

import sys


def main() -> None:
    """The command line."""
    try:
        from voiceapp.cli import main as run

        run()
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
