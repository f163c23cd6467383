"""Backups of the whole instance: its database and the files of its data folder, in one file."""
