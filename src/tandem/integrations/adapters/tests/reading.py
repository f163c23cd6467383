"""What the adapters' tests share: reading inline text, and finding the real exports beside a checkout."""

import json
from pathlib import Path
from typing import Any

import pytest

from tandem.core.importing.adapter import Check
from tandem.core.importing.mapping import Mapping
from tandem.core.importing.record import Record, Refusal, RowWarning
from tandem.core.importing.source import Source
from tandem.integrations.adapters import adapter_named

REAL_FILES = Path(__file__).resolve().parents[6] / "shared" / "data"


class Reading:
    """Everything an adapter said about a file, sorted by what it is."""

    def __init__(self, adapter: str, source: Source, mapping: dict[str, Any] | None = None) -> None:
        decided = Mapping.from_json(mapping or {})
        entries = list(adapter_named(adapter).read(source, decided))
        self.records = [e for e in entries if isinstance(e, Record)]
        self.refusals = [e for e in entries if isinstance(e, Refusal)]
        self.warnings = [e for e in entries if isinstance(e, RowWarning)]
        self.by_ref = {record.ref: record for record in self.records}

    @property
    def record(self) -> Record:
        """The only record."""
        (record,) = self.records
        return record

    def warned(self, words: str) -> bool:
        return any(words in warning.message for warning in self.warnings)


def source_of(content: Any) -> Source:
    """Text as it is; anything else as JSON."""
    text = content if isinstance(content, str) else json.dumps(content)
    return Source.from_bytes(text.encode())


def read(adapter: str, content: Any, mapping: dict[str, Any] | None = None) -> Reading:
    return Reading(adapter, source_of(content), mapping)


def check(adapter: str, content: Any, mapping: dict[str, Any] | None = None) -> Check:
    return adapter_named(adapter).check(source_of(content), Mapping.from_json(mapping or {}))


def real(path: str) -> Source:
    """A real export from ``../shared/data``; skips the test where that folder is absent."""
    file = REAL_FILES / path
    if not file.exists():
        pytest.skip(f"the real exports are not beside this checkout ({path})")
    return Source.from_path(file)
