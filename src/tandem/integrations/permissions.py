"""Who may import, and take data away."""

from django.utils.translation import gettext_noop as N_

from tandem.accounts.models import Role
from tandem.accounts.permissions import EVERYBODY, MAKERS, STEERING, declare

declare("import.view", EVERYBODY, N_("see imports"))
declare("import.run", MAKERS, N_("import files"))
declare("import.revert", MAKERS, N_("revert imports"))
declare("product.export", EVERYBODY, N_("take a product away as an archive"))
declare("workspace.export", (Role.ADMIN,), N_("take the workspace away as an archive"))
declare("product.delete", (Role.ADMIN,), N_("delete products"))
declare("trash.view", MAKERS, N_("see the trash"))
declare("trash.erase", (Role.ADMIN,), N_("erase things for good"))
declare("workspace.erase", (Role.ADMIN,), N_("erase the workspace"))
declare("archive.import", (Role.ADMIN,), N_("import archives"))
declare("feed.make", MAKERS, N_("make feeds"))
declare("webhook.manage", (Role.ADMIN,), N_("manage webhooks and chat targets"))
declare("connection.view", EVERYBODY, N_("see connections"))
declare("connection.manage", STEERING, N_("manage connections"))
declare("connection.decide", MAKERS, N_("decide conflicts of connections"))
