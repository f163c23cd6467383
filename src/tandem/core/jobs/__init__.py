"""Background work: the ``django_tasks`` API over rows of the same database.

A job row is written in the caller's transaction, so work exists exactly when the change that
asked for it does. Workers run jobs at least once; a job of a killed worker runs again when its
lease ends, so tasks must be idempotent. On SQLite ``worker`` claims the rows itself; on PostgreSQL
Procrastinate says which job runs when (``procrastinate``). See docs/operating/jobs.md.

Tasks are declared with ``tandem.core.jobs.task.task`` in an app's ``tasks.py``.
"""
