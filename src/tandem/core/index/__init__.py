"""The search index: what members may find, kept beside the rows by the database itself.

``kinds`` says what is indexed, ``tables`` keeps it, ``words`` knows the words in use, ``asking``
finds. Decided in docs/decisions/0009-search.md.
"""
