"""Files that rows name."""

from collections.abc import Iterator

from tandem.core import kept
from tandem.core.integrity import Found, register
from tandem.integrations.models import ImportRun, RunState

OVER = (RunState.DONE, RunState.FAILED, RunState.REVERTED)


def _files() -> Iterator[Found]:
    runs = ImportRun.objects.exclude(path="").exclude(state__in=OVER)
    gone = [run.file_name for run in runs if not kept.exists(run.path)]
    yield Found(
        "files",
        not gone,
        "every file that is needed is here"
        if not gone
        else f"{len(gone)} uploaded files are gone: {', '.join(gone[:5])}",
        "Forget these imports on the Import page and choose the files again." if gone else "",
    )


register("files", _files)
