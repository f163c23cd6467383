"""Who may read what happened in the whole workspace."""

from tandem.accounts.models import Role
from tandem.accounts.permissions import declare

declare("audit.view", (Role.ADMIN,), "read the audit log")
