"""Importing an archive: all of it or nothing, under new numbers."""

import itertools
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction
from django.db.models import Field, Model
from django.utils.crypto import get_random_string
from django.utils.translation import gettext as _

from tandem.accounts.models import Member, Product, User, Workspace
from tandem.accounts.models.invitation import hash_of
from tandem.accounts.models.product import KEY_PATTERN, RESERVED_KEYS
from tandem.accounts.permissions import require
from tandem.core import events
from tandem.core.errors import Refused
from tandem.integrations.archive.arrived import ARRIVED
from tandem.integrations.archive.attached import Attached
from tandem.integrations.archive.inserting import free, insert
from tandem.integrations.archive.reading import Archive, refuse
from tandem.integrations.archive.references import Numbers
from tandem.integrations.archive.row import model_of
from tandem.integrations.archive.tables import BY_KIND, BY_NAME, MEMBERS, Table
from tandem.integrations.archive.writing import Tell
from tandem_engine.words import said

BATCH = 500


@dataclass
class Loaded:
    """What an import made. ``people``: names of those who are new in the workspace, with role."""

    kind: str
    workspace: Workspace
    product: Product | None
    rows: dict[str, int] = field(default_factory=dict)
    people: list[str] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        return {
            "kind": self.kind,
            "workspace": self.workspace.slug,
            "product": self.product.key if self.product else None,
            "rows": self.rows,
            "people": self.people,
        }


def archive_opened(path: Path) -> IO[bytes]:
    try:
        return path.open("rb")
    except OSError as error:
        raise refuse(
            said(
                "Cannot read %(path)s: %(strerror)s.", path=str(path), strerror=str(error.strerror)
            )
        ) from error


def product_load(*, by: Member, file: IO[bytes], key: str = "", tell: Tell | None = None) -> Loaded:
    """The archive's product into the workspace of ``by``, under ``key`` or its own.

    People are found by mail address or made members without a password. Refuses a key that is
    taken, and an archive that is damaged, too large or newer; then nothing is changed.
    """
    require(by, "archive.import")
    archive = Archive(file, tell)
    if archive.manifest.kind != "product":
        raise refuse(
            said("This is the archive of a whole workspace; it becomes a workspace of its own.")
        )
    return _load(archive, by=by, workspace=by.workspace, key=key.strip().upper(), tell=tell)


def workspace_load(
    *, file: IO[bytes], by: Member | None = None, slug: str = "", tell: Tell | None = None
) -> Loaded:
    """The archive's workspace as a new one, under ``slug`` or its own address.

    ``by``: the administrator who asks in a browser, who becomes administrator of the new
    workspace too; ``None``: the operator at the command line.
    """
    if by is not None:
        require(by, "archive.import")
    archive = Archive(file, tell)
    if archive.manifest.kind != "workspace":
        raise refuse(said("This is the archive of a product; say into which workspace it goes."))
    return _load(archive, by=by, workspace=None, slug=slug.strip().lower(), tell=tell)


def _load(archive: Archive, *, by: Member | None, tell: Tell | None, **named: Any) -> Loaded:
    with transaction.atomic():
        loader = _Loader(archive, tell, **named)
        try:
            loaded = loader.load()
        except BaseException:
            loader.attached.remove()
            raise
        actor = by if by is not None and named["workspace"] is not None else None
        if actor is None:
            if by is not None:
                Member.objects.update_or_create(
                    user_id=by.user_id,
                    workspace=loaded.workspace,
                    defaults={"role": "admin", "ended_at": None},
                )
            admins = Member.objects.active().filter(workspace=loaded.workspace, role="admin")
            own = admins.filter(user_id=by.user_id) if by is not None else admins
            actor = own.select_related("user").order_by("pk").first()
        if actor is not None:
            events.record(
                by=actor,
                verb="archive.imported",
                obj=loaded.product or loaded.workspace,
                product_id=loaded.product.pk if loaded.product else None,
                changes={"rows": sum(loaded.rows.values()), "people": loaded.people[:200]},
            )
        return loaded


class _Loader:
    def __init__(
        self,
        archive: Archive,
        tell: Tell | None,
        *,
        workspace: Workspace | None,
        key: str = "",
        slug: str = "",
    ) -> None:
        self.archive = archive
        self.tell = tell or (lambda done, total, note: None)
        self.workspace = workspace
        self.key = key or archive.manifest.key
        self.slug = slug or archive.manifest.key
        self.numbers = Numbers()
        self.fresh = workspace is None
        self.people: list[str] = []
        self.attached = Attached(archive)

    def load(self) -> Loaded:
        manifest = self.archive.manifest
        if self.fresh:
            self._check_slug()
        else:
            self._check_key()
        if self.workspace is None:
            self.workspace = self._workspace()
        self.numbers.learn(
            "workspace",
            ((n, self.workspace.pk) for n in self.archive.numbers.get("workspace", [1])),
        )
        self._members()
        tables = [BY_NAME[name] for name in self.archive.tables]
        tables = [each for each in tables if each.model is not Workspace and each is not MEMBERS]
        for table in tables:
            numbers = self.archive.numbers[table.name]
            self.numbers.learn(
                table.name, zip(numbers, free(table.model, len(numbers)), strict=True)
            )
        if manifest.schema == 1:
            self._product_of_schema_1()
        for done, table in enumerate(tables):
            self.tell(done, len(tables), table.name)
            self._table(table)
        self.tell(len(tables), len(tables), "")
        product = None
        if manifest.kind == "product":
            product = Product.objects.get(workspace=self.workspace, key=self.key)
        return Loaded(manifest.kind, self.workspace, product, dict(manifest.rows), self.people)

    # The frame: workspace, people, product

    def _check_key(self) -> None:
        assert self.workspace is not None
        if not re.fullmatch(KEY_PATTERN, self.key) or self.key in RESERVED_KEYS:
            raise Refused(
                _("%(key)s cannot be a product's key.") % {"key": self.key[:40]}, field="product"
            )
        found = Product.objects.filter(workspace=self.workspace, key=self.key).first()
        if found is not None:
            if found.deleted_at:
                text = _(
                    "%(workspace)s has a product %(key)s (in the trash) already; an archive never writes over one. Give it another key (--product KEY), or erase that product first."
                )
            else:
                text = _(
                    "%(workspace)s has a product %(key)s already; an archive never writes over one. Give it another key (--product KEY), or erase that product first."
                )
            raise Refused(
                text % {"workspace": self.workspace.name, "key": self.key},
                field="product",
            )

    def _check_slug(self) -> None:
        if Workspace.objects.filter(slug=self.slug).exists():
            raise Refused(
                _(
                    "There is a workspace %(slug)s already; an archive never writes over one. Give it "
                    "another address (--workspace SLUG), or erase that workspace first."
                )
                % {"slug": self.slug},
                field="workspace",
            )

    def _workspace(self) -> Workspace:
        [(line, row)] = self.archive.rows("workspace")
        workspace = model_of(
            BY_NAME["workspace"], line, row | {"slug": self.slug}, self.numbers, None
        )
        workspace.pk = None
        workspace.save_base(raw=True, force_insert=True)
        assert isinstance(workspace, Workspace)
        return workspace

    def _members(self) -> None:
        if "members" not in self.archive.manifest.rows:
            return
        for line, row in self.archive.rows("members"):
            email = row.get("email", row["id"])
            if not isinstance(email, str) or not isinstance(row.get("name", ""), str):
                raise refuse(
                    said("members.jsonl, line %(line)s: no mail address and name.", line=line)
                )
            user = User.objects.filter(email__iexact=email.strip()).first()
            if user is None:
                user = User(email=email.strip(), name=row.get("name") or email)
                user.is_active = row.get("is_active", True) is True
                user.set_unusable_password()
                try:
                    user.full_clean(exclude=["password"])
                except ValidationError as error:
                    raise refuse(
                        said(
                            "members.jsonl, line %(line)s: %(email)s: %(reason)s.",
                            line=line,
                            email=repr(email[:80]),
                            reason=str(error),
                        )
                    ) from error
                user.save()
            member = Member.objects.filter(user=user, workspace=self.workspace).first()
            if member is None:
                known = {"email", "name", "is_active", "user_id", "workspace_id"}
                values = {name: value for name, value in row.items() if name not in known}
                new = model_of(MEMBERS, line, values, self.numbers, self.workspace, user_id=user.pk)
                new.pk = None
                new.save_base(raw=True, force_insert=True)
                assert isinstance(new, Member)
                member = new
                self.people.append(f"{user.name} ({member.get_role_display()})")
            self.numbers.learn("members", [(row["id"], member.pk)])

    def _product_of_schema_1(self) -> None:
        """Schema 1 kept the product in its manifest and its number in every row."""
        values = self.archive.manifest.product
        product = Product(workspace=self.workspace, key=self.key)
        for name in ("name", "description", "estimate_unit", "next_number"):
            if name in values:
                setattr(product, name, values[name])
        try:
            product.full_clean()
        except ValidationError as error:
            raise refuse(
                said("manifest.json: %(messages)s", messages=" ".join(error.messages))
            ) from error
        product.save()
        first = next(iter(self.archive.rows("statuses")), (0, {"product_id": 0}))[1]
        self.numbers.learn("products", [(first["product_id"], product.pk)])

    # Rows

    def _table(self, table: Table) -> None:
        fields = table.model._meta.concrete_fields
        rows = ((line, self._row(table, line, row)) for line, row in self.archive.rows(table.name))
        while batch := list(itertools.islice(rows, BATCH)):
            try:
                with transaction.atomic():
                    insert(table.model, [row for _, row in batch], fields)
            except DatabaseError:
                self._blame(table, batch, fields)

    def _blame(
        self, table: Table, batch: list[tuple[int, Model]], fields: "tuple[Field[Any, Any], ...]"
    ) -> None:
        """Insert one by one to name the line that does not fit."""
        for line, row in batch:
            try:
                with transaction.atomic():
                    insert(table.model, [row], fields)
            except DatabaseError as error:
                raise refuse(
                    said(
                        "%(name)s.jsonl, line %(line)s: contradicts another row or a rule (%(reason)s).",
                        name=table.name,
                        line=line,
                        reason=str(error),
                    )
                ) from error
        raise refuse(said("%(name)s.jsonl: rows contradict each other.", name=table.name))

    def _row(self, table: Table, line: int, row: dict[str, Any]) -> Model:
        found = model_of(table, line, row, self.numbers, self.workspace)
        found.pk = self.numbers.known[table.name][row["id"]]
        if table.name == "events":
            kind = str(row.get("object_kind"))
            number = self.numbers.of(BY_KIND.get(kind, kind), row.get("object_id"))
            found.workspace_id = self.workspace.pk  # type: ignore[union-attr, attr-defined]
            found.object_id = number  # type: ignore[attr-defined]
        elif table.name == "products" and self.archive.manifest.kind == "product":
            found.key = self.key  # type: ignore[attr-defined]
        elif table.name == "invitations":
            # The link's secret was never in the archive: nobody has it, so a new link is needed.
            found.secret_hash = hash_of(get_random_string(40))  # type: ignore[attr-defined]
        elif table.name == "attachments":
            self.attached.keep(line, found, self.workspace)  # type: ignore[arg-type]
        elif table.name in ARRIVED:
            ARRIVED[table.name](found)
        return found
