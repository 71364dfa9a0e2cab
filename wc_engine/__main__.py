"""``python -m wc_engine``: the command line."""

from __future__ import annotations

from wc_engine.cli import main

if __name__ == "__main__":
    main()
