"""The cells of pasted rows: what each means under its column, or why it cannot be read."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.utils.translation import gettext as _

from tandem.accounts.models import Member, Product
from tandem.backlog import custom
from tandem.backlog.forms import own_slug
from tandem.backlog.models import CustomField, Item, Status
from tandem.core.errors import Refused
from tandem.core.importing.dates import DateEvidence, DateReader
from tandem.core.importing.words import did_you_mean
from tandem.integrations.adapters import vocabulary


class Cells:
    """What cells mean here, looked up once for the whole table."""

    def __init__(
        self,
        body: Sequence[Sequence[str]],
        targets: Sequence[str],
        by: Member,
        product: Product,
        fields: Sequence[CustomField],
        statuses: Sequence[Status],
    ) -> None:
        self.product, self.fields = product, fields
        self.statuses = {name.casefold(): each for each in statuses for name in each.former}
        self.statuses |= {status.name.casefold(): status for status in statuses}
        self.people: dict[str, list[Member]] = {}
        for person in Member.objects.visible_to(by).active().select_related("user"):
            for name in {person.name.casefold(), person.user.email.casefold()}:
                self.people.setdefault(name, []).append(person)
        places = {target: at for at, target in enumerate(targets)}
        self.days = (
            DateReader(_order_of(row[places["due"]] for row in body))
            if ("due" in places)
            else DateReader()
        )
        titles: dict[str, list[int]] = {}
        for place, row in enumerate(body):
            titles.setdefault(row[places["title"]].casefold(), []).append(place)
        self.titles = titles
        self.parents: dict[str, Item] = {}
        if "parent" in places:
            keys = {row[places["parent"]].upper() for row in body if row[places["parent"]]}
            for item in Item.objects.with_keys(product, keys):
                item.product = product
                self.parents[item.key] = item

    def take(self, row: dict[str, Any], target: str, text: str) -> None:
        if slug := own_slug(target):
            own = custom.named(self.fields, slug)
            if own is not None:
                own.product = self.product
                custom.read(own, text)
            row.setdefault("values", {})[slug] = text
            return
        reader = getattr(self, f"_{target}", None)
        if reader is None:
            row[target] = text
        else:
            reader(row, text)

    def _kind(self, row: dict[str, Any], text: str) -> None:
        row["kind"] = vocabulary.known_kind(text)
        if not row["kind"]:
            kinds = ", ".join(vocabulary.KINDS)
            raise Refused(
                _("“%(text)s” is no kind. Kinds: %(kinds)s.") % {"text": text[:40], "kinds": kinds}
            )

    def _status(self, row: dict[str, Any], text: str) -> None:
        row["status"] = self.statuses.get(text.casefold())
        if row["status"] is None:
            names = [status.name for status in self.statuses.values()]
            raise Refused(
                _("There is no status “%(text)s”. %(hint)s")
                % {"text": text[:40], "hint": did_you_mean(text, names)}
            )

    def _assignee(self, row: dict[str, Any], text: str) -> None:
        found = self.people.get(text.casefold(), [])
        if len(found) > 1:
            raise Refused(
                _("Several people are called “%(text)s”. Write a mail address.")
                % {"text": text[:40]}
            )
        if not found:
            raise Refused(_("Nobody here is called “%(text)s”.") % {"text": text[:40]})
        row["assignee"] = found[0]

    def _labels(self, row: dict[str, Any], text: str) -> None:
        names = [name.strip() for name in text.replace(";", ",").replace("\n", ",").split(",")]
        row.setdefault("labels", []).extend(name for name in names if name)

    def _estimate(self, row: dict[str, Any], text: str) -> None:
        parts = [part.strip() for part in text.split("/")]
        if len(parts) == 3:
            row["estimate_low"], row["estimate_likely"], row["estimate_high"] = parts
        else:
            row["estimate_likely"] = text

    def _due(self, row: dict[str, Any], text: str) -> None:
        try:
            row["due_date"] = self.days.day(text)
        except ValueError:
            raise Refused(
                _("“%(text)s” is no day. Write it like 2027-03-12.") % {"text": text[:40]}
            ) from None

    def _parent(self, row: dict[str, Any], text: str) -> None:
        rows = self.titles.get(text.casefold(), [])
        row["parent"] = self.parents.get(text.upper())
        if row["parent"] is None and len(rows) == 1:
            row["parent"] = rows[0]
        if row["parent"] is None:
            if rows:
                said = _(
                    "Several rows are called “%(text)s”. Write a key like %(product)s-1 or the title of another row."
                )
            else:
                said = _(
                    "There is no item and no row called “%(text)s”. Write a key like %(product)s-1 or the title of another row."
                )
            raise Refused(said % {"text": text[:60], "product": self.product.key})

    def _description(self, row: dict[str, Any], text: str) -> None:
        row["description"] = "\n\n".join(filter(None, [row.get("description"), text]))

    def _criteria(self, row: dict[str, Any], text: str) -> None:
        lines = [line.strip().lstrip("-*•").strip() for line in text.split("\n")]
        row.setdefault("criteria", []).extend(line for line in lines if line)


def _order_of(texts: Iterable[str]) -> str:
    evidence = DateEvidence()
    for text in texts:
        evidence.see(text)
    return evidence.decide().order
