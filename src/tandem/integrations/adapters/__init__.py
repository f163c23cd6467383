"""The formats Tandem reads. A new one is a small file here and a line in :func:`adapters`."""

from functools import cache

from tandem.core.importing.adapter import Adapter, detect
from tandem.core.importing.errors import ImportRefused
from tandem.core.importing.source import Source
from tandem.core.importing.words import did_you_mean
from tandem_engine.words import said

from .azure_csv import AzureAdapter
from .csv_table import CsvAdapter
from .github import GitHubAdapter
from .gitlab import GitLabAdapter
from .jira_csv import JiraCsvAdapter
from .jira_json import JiraJsonAdapter
from .linear_csv import LinearAdapter
from .plane_csv import PlaneAdapter
from .redmine_csv import RedmineAdapter
from .storypoints import StoryPointsAdapter
from .taiga import TaigaAdapter
from .trello import TrelloAdapter


@cache
def adapters() -> dict[str, Adapter]:
    """Every format by the name that is typed on the command line, in the order people are shown them."""
    found = (
        JiraCsvAdapter(),
        JiraJsonAdapter(),
        TrelloAdapter(),
        GitHubAdapter(),
        GitLabAdapter(),
        TaigaAdapter(),
        LinearAdapter(),
        PlaneAdapter(),
        AzureAdapter(),
        RedmineAdapter(),
        StoryPointsAdapter(),
        CsvAdapter(),
    )
    return {adapter.name: adapter for adapter in found}


def adapter_named(name: str) -> Adapter:
    """The adapter of that name. Raises ImportRefused naming the formats there are."""
    known = adapters()
    if name not in known:
        raise ImportRefused(
            said(
                "There is no format “%(name)s”. %(hint)s", name=name, hint=did_you_mean(name, known)
            )
        )
    return known[name]


def adapter_for(source: Source) -> Adapter:
    """The adapter that is surest about a file. Raises ImportRefused when none accepts it."""
    return detect(source, list(adapters().values()))


__all__ = ["adapter_for", "adapter_named", "adapters"]
