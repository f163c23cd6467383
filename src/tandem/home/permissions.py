"""Who may read what happened in the whole workspace."""

from django.utils.translation import gettext_noop as N_

from tandem.accounts.models import Role
from tandem.accounts.permissions import declare

declare("audit.view", (Role.ADMIN,), N_("read the audit log"))
