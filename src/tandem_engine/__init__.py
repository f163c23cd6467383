"""Tandem's engines: prioritisation, planning and forecasting as pure functions.

Frozen dataclasses in, frozen dataclasses out. Nothing here reads a clock, a database or a
hidden random state: ``seed`` and ``today`` are arguments. Usable from a notebook.
"""

#: Stored with every result, so that a number can be traced to the code that made it.
ENGINE_VERSION = "0.1.0"
