"""What the figures were measured on."""

from wc_engine.runs.yardsticks.machine import machine

__all__ = ["machine"]
