"""Background work: the ``django_tasks`` API over rows of the same database.

A job row is written in the caller's transaction, so work exists exactly when the change that
asked for it does. A worker leases one job at a time; a job of a killed worker runs again when
its lease ends, so tasks must be idempotent.
"""
