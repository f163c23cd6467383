"""Who may import."""

from tandem.accounts.permissions import EVERYBODY, MAKERS, declare

declare("import.view", EVERYBODY, "see imports")
declare("import.run", MAKERS, "import files")
declare("import.revert", MAKERS, "revert imports")
