from tandem.integrations.models.import_run import (
    ImportRow,
    ImportRun,
    Outcome,
    RunState,
    SourceState,
)

__all__ = ["ImportRow", "ImportRun", "Outcome", "RunState", "SourceState"]
