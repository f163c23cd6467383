"""What a source said of an item is kept as hashes, some of numbers that change from one database
to the next: in the archive these stand as the rows they mean."""

from typing import Any

from tandem.accounts.models import Member, Product
from tandem.backlog.models import Status
from tandem.integrations.archive.references import Numbers
from tandem.integrations.archive.tables import Subject
from tandem.integrations.imports.fields import hash_of

#: Field of a source state -> the table it points to.
POINTING = {"status_id": "statuses", "assignee_id": "members"}


class Sources:
    """Finds the row a hash of its number stands for."""

    def __init__(self, subject: Subject) -> None:
        product = isinstance(subject, Product)
        statuses = Status.objects.filter(
            **({"product": subject} if product else {"product__workspace": subject})
        )
        workspace_id = subject.workspace_id if isinstance(subject, Product) else subject.pk
        people = Member.objects.filter(workspace_id=workspace_id)
        self._meant = {
            "status_id": {hash_of(pk): pk for pk in statuses.values_list("pk", flat=True)},
            "assignee_id": {hash_of(pk): pk for pk in people.values_list("pk", flat=True)},
        }

    def written(self, said: dict[str, Any], numbers: Numbers) -> dict[str, Any]:
        found = dict(said)
        for name, table in POINTING.items():
            pk = self._meant[name].get(str(said.get(name)))
            number = numbers.row(table, pk) if pk is not None else None
            if number is not None:
                found[name] = {"is": number}
        return found


def read(said: dict[str, Any], numbers: Numbers) -> dict[str, Any]:
    """The hashes as this database's numbers make them."""
    found = dict(said)
    for name, table in POINTING.items():
        meant = said.get(name)
        if isinstance(meant, dict):
            number = numbers.row(table, meant.get("is"))
            found[name] = hash_of(number) if number is not None else ""
    return found
