"""Who may import, and take data away."""

from tandem.accounts.models import Role
from tandem.accounts.permissions import EVERYBODY, MAKERS, declare

declare("import.view", EVERYBODY, "see imports")
declare("import.run", MAKERS, "import files")
declare("import.revert", MAKERS, "revert imports")
declare("product.export", EVERYBODY, "take a product away as an archive")
declare("workspace.export", (Role.ADMIN,), "take the workspace away as an archive")
declare("archive.import", (Role.ADMIN,), "import archives")
