"""The trackers that can be connected. A new one is a small file beside this one, and a line here."""

from tandem.core.outgoing.client import Client
from tandem.integrations.connections.github import GitHub
from tandem.integrations.connections.gitlab import GitLab
from tandem.integrations.connections.jira import Jira
from tandem.integrations.connections.remote import Remote
from tandem.integrations.models import Connection, ConnectionKind

REMOTES: dict[str, type[Remote]] = {
    ConnectionKind.GITHUB: GitHub,
    ConnectionKind.GITLAB: GitLab,
    ConnectionKind.JIRA: Jira,
}


def remote_of(connection: Connection, token: str, client: Client) -> Remote:
    return REMOTES[connection.kind](connection, token, client)
