"""Notices: who is told of what, why, and how: in the inbox, by mail.

An app says in one table (its ``notices.py``) which of its events tell whom and for which reason;
``spreading`` does it after the commit. Nobody is told of what they did themselves.
See ``docs/decisions/0008-notices.md``.
"""
