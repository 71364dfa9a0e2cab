"""The command line, ``wc-engine``."""

from wc_engine.cli.app import app, main

__all__ = ["app", "main"]
