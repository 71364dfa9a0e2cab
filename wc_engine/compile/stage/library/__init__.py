"""Functions of standard modules in plain Python, followed as if the program had written them.

They make no promise about performance: what they do is mostly done when compiling. ``guest_modules.py`` loads them.
"""
