"""Signing in: passwords, second factors, passkeys, links, the single sign-on, sessions.

django-allauth does the work of signing in; the pages, the words and the audit events are ours.
"""
