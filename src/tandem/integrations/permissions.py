"""Who may import, and take data away."""

from tandem.accounts.models import Role
from tandem.accounts.permissions import EVERYBODY, MAKERS, STEERING, declare

declare("import.view", EVERYBODY, "see imports")
declare("import.run", MAKERS, "import files")
declare("import.revert", MAKERS, "revert imports")
declare("product.export", EVERYBODY, "take a product away as an archive")
declare("workspace.export", (Role.ADMIN,), "take the workspace away as an archive")
declare("product.delete", (Role.ADMIN,), "delete products")
declare("trash.view", MAKERS, "see the trash")
declare("trash.erase", (Role.ADMIN,), "erase things for good")
declare("workspace.erase", (Role.ADMIN,), "erase the workspace")
declare("archive.import", (Role.ADMIN,), "import archives")
declare("feed.make", MAKERS, "make feeds")
declare("webhook.manage", (Role.ADMIN,), "manage webhooks")
declare("connection.view", EVERYBODY, "see connections")
declare("connection.manage", STEERING, "manage connections")
declare("connection.decide", MAKERS, "decide conflicts of connections")
