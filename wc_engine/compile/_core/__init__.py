"""Compiled parts of binding."""
