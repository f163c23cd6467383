"""Reading other tools' exports: bytes in, neutral records and refusals out.

Nothing here knows the database or the product's nouns. An adapter (``tandem.integrations.adapters``) turns one
format into :class:`~tandem.core.importing.record.Record` objects; what is done with them is somebody else's work.
"""
