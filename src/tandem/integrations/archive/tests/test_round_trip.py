"""Export, import, export again: the same lines, whatever numbers the database gives."""

import io
import json
import zipfile
from pathlib import Path

import pytest
from django.apps import apps
from django.db.models import QuerySet

from support.worlds import world_again
from tandem.accounts import operations as accounts
from tandem.accounts.models import ApiToken, Invitation, Member, Product, User, Workspace
from tandem.backlog import operations as backlog
from tandem.backlog.models import Comment, Item
from tandem.core.errors import PermissionRefused, Refused
from tandem.core.models import Event
from tandem.integrations.archive import columns
from tandem.integrations.archive.loading import product_load, workspace_load
from tandem.integrations.archive.references import KEYS
from tandem.integrations.archive.tables import BY_NAME, LEFT_OUT, SECRET_WORDS, TABLES
from tandem.integrations.archive.tests.rich_world import rich_world
from tandem.integrations.archive.writing import archive_export, archive_write
from tandem.integrations.imports.fields import hash_of
from tandem.integrations.models import SourceState
from tandem.prioritisation.models import Rating

FIXTURE = Path(__file__).parent / "schema-1.zip"


def taken(by, subject):
    file = io.BytesIO()
    archive_write(by=by, subject=subject, file=file)
    file.seek(0)
    return file


def lines(file):
    with zipfile.ZipFile(file) as archive:
        return {name: archive.read(name) for name in archive.namelist() if name.endswith(".jsonl")}


def emptied():
    """As on another instance: the numbers start elsewhere, nobody is here."""
    for table in reversed(TABLES):
        QuerySet(table.model).delete()
    User.objects.all().delete()


def newcomer(name="Elsewhere"):
    user = accounts.user_create(email="root@elsewhere.example", name="Root")
    return accounts.workspace_create(name=name, user=user)


@pytest.fixture
def filled(db):
    return world_again(rich_world)


def test_every_model_is_in_the_archive_or_stays_behind_for_a_reason():
    in_archive = {table.model._meta.label for table in TABLES}
    every = {model._meta.label for model in apps.get_models(include_auto_created=True)}
    # The engine of background work on PostgreSQL keeps tables of its own, like core.Job.
    every = {label for label in every if not label.startswith("procrastinate.")}
    assert every - in_archive - set(LEFT_OUT) == set(), "add a line in archive/tables.py"
    assert not in_archive & set(LEFT_OUT)
    assert (in_archive | set(LEFT_OUT)) - every == set()


def test_no_column_that_sounds_secret_is_in_the_archive():
    for table in TABLES:
        for field in columns.fields_of(table):
            assert not any(word in field.attname for word in SECRET_WORDS), field


def test_the_rich_world_has_a_row_in_every_table(filled):
    for name, text in lines(taken(filled.admin, filled.people.workspace)).items():
        assert text, f"{name} is empty: fill it in rich_world, or nothing tests it"


def test_every_number_inside_json_is_known_to_the_archive(filled):
    def keys(value):
        if isinstance(value, dict):
            for key, inner in value.items():
                yield key
                yield from keys(inner)
        elif isinstance(value, list):
            for inner in value:
                yield from keys(inner)

    found = {
        key for changes in Event.objects.values_list("changes", flat=True) for key in keys(changes)
    }
    assert {key for key in found if key.endswith("_id")} <= set(KEYS)


def test_a_product_comes_back_line_by_line(filled):
    first = taken(filled.owner, filled.product)
    emptied()
    other = newcomer()
    loaded = product_load(by=other, file=first)
    second = taken(other, loaded.product)
    before, after = lines(first), lines(second)
    assert before.keys() == after.keys()
    for name in before:
        assert after[name] == before[name], name
    assert Event.objects.filter(verb="archive.imported", member_id=other.pk).count() == 1


def test_a_whole_workspace_comes_back_line_by_line(filled):
    accounts.product_create(by=filled.owner, key="CREW", name="Crew")
    first = taken(filled.admin, filled.people.workspace)
    emptied()
    newcomer()
    loaded = workspace_load(file=first)
    admin = Member.objects.get(workspace=loaded.workspace, role="admin")
    after = lines(taken(admin, loaded.workspace))
    for name, text in lines(first).items():
        assert after[name] == text, name
    assert Workspace.objects.count() == 2


#: What may differ between a row that left and the one that came back, and why.
DIFFERS = {
    "workspace.slug": "the two stand beside each other here",
    "workspace.history_deleted": "what this instance forgot",
    "invitations.secret_hash": "an invitation that came back needs a new link",
    "import_runs.path": "a place on this instance's disk",
    "attachments.key": "where this instance's store keeps the bytes",
    "source_states.fields": "hashes, one of a status's number: what they know has a test below",
}


def without_numbers(value):
    """JSON without the numbers of other rows, which are others there."""
    if isinstance(value, dict):
        return {key: without_numbers(inner) for key, inner in value.items() if key not in KEYS}
    return [without_numbers(inner) for inner in value] if isinstance(value, list) else value


def test_every_column_of_every_row_comes_back(filled):
    """The database's rows, not the files': what is lost on both ways is seen, too."""
    here = filled.people.workspace
    there = workspace_load(file=taken(filled.admin, here), slug="beside").workspace
    rows = {t.model: (list(t.rows(here)), list(t.rows(there))) for t in TABLES}
    for side in rows[Member]:
        side.sort(key=lambda member: member.user_id)
    places = {
        model: [{row.pk: place for place, row in enumerate(side)} for side in sides]
        for model, sides in rows.items()
    }
    lost, seen = [], 0
    for table in TABLES:
        left, came = rows[table.model]
        assert len(left) == len(came) > 0, table.name
        for field in table.model._meta.concrete_fields:
            name = f"{table.name}.{field.attname}"
            if field.primary_key or name in DIFFERS:
                continue
            target = field.related_model
            numbered = table.numbers.get(field.attname)
            if numbered:
                target = BY_NAME[numbered].model
            for before, after in zip(left, came, strict=True):
                pair = [getattr(row, field.attname) for row in (before, after)]
                if target in places:
                    pair = [
                        value and places[target][side].get(value) for side, value in enumerate(pair)
                    ]
                elif field.attname in {"workspace_id", "object_id"}:
                    continue
                elif field.attname in table.json:
                    pair = [without_numbers(value) for value in pair]
                seen += 1
                if pair[0] != pair[1]:
                    lost.append(f"{name}: {pair[0]!r} became {pair[1]!r}")
    assert lost == []
    assert seen > 1000


def test_what_came_back_works_as_before(filled):
    trash = Item.objects.get(title="Thrown away").number
    file = taken(filled.owner, filled.product)
    emptied()
    other = newcomer()
    product = product_load(by=other, file=file).product
    first = Item.objects.of(product).get(number=1)
    assert first.parent.title == "Bookings"
    assert first.assignee.user.email == "tariq@skerry.example"
    assert Rating.objects.exclude(superseded_at=None).get().value == 2
    assert Item.objects.get(product=product, number=trash).deleted_at is not None
    history = Event.objects.of("item", first.pk)
    assert history.filter(verb="item.rated").count() == 2
    update = history.get(verb="item.updated", changes__has_key="parent")
    assert update.changes["parent_id"][1] == first.parent_id
    assert update.changes["assignee_id"][1] == first.assignee_id
    comment = Comment.objects.get(text="At last")
    deletion = Event.objects.get(verb="comment.deleted")
    assert deletion.changes["comment_id"] == comment.pk
    assert backlog.item_create(by=other, product=product, title="Next").number == trash + 1


def test_what_a_source_said_is_still_known(filled):
    before = {
        state.item.title: hash_of(state.item.status_id) == state.fields["status_id"]
        for state in SourceState.objects.select_related("item")
    }
    file = taken(filled.owner, filled.product)
    emptied()
    product_load(by=newcomer(), file=file)
    after = {
        state.item.title: hash_of(state.item.status_id) == state.fields["status_id"]
        for state in SourceState.objects.select_related("item")
    }
    assert after == before
    assert before
    assert all(before.values())


def test_people_are_found_by_mail_address_or_made_without_a_password(filled):
    file = taken(filled.owner, filled.product)
    emptied()
    known = accounts.user_create(
        email="PETRA@skerry.example", name="Petra the first", password="long enough 1"
    )
    other = newcomer()
    accounts.member_add(by=other, user=known, role="viewer")
    loaded = product_load(by=other, file=file)
    petra = Member.objects.get(user=known, workspace=loaded.workspace)
    assert (petra.role, petra.name) == ("viewer", "Petra the first")
    assert known.check_password("long enough 1")
    dana = User.objects.get(email="dana@skerry.example")
    assert not dana.has_usable_password()
    assert "Dana Novak (Developer)" in loaded.people
    assert not any("Petra" in person for person in loaded.people)


def test_secrets_never_leave(filled):
    secret = accounts.token_create(by=filled.owner, name="script")[1]
    invitation = Invitation.objects.get()
    with zipfile.ZipFile(taken(filled.admin, filled.people.workspace)) as archive:
        everything = b"".join(archive.read(name) for name in archive.namelist())
    for hidden in (
        filled.owner.user.password,
        ApiToken.objects.get().secret_hash,
        secret,
        invitation.secret_hash,
    ):
        assert hidden.encode() not in everything
    assert b"new@skerry.example" in everything


def test_an_invitation_that_came_back_needs_a_new_link(filled):
    file = taken(filled.admin, filled.people.workspace)
    before = Invitation.objects.get().secret_hash
    emptied()
    newcomer()
    workspace_load(file=file)
    assert Invitation.objects.get().secret_hash != before


def test_another_workspaces_rows_are_not_in_it(filled):
    backlog.item_create(by=filled.outsider, product=filled.foreign_product, title="Not mine")
    for subject in (filled.product, filled.people.workspace):
        assert not any(b"Not mine" in text for text in lines(taken(filled.admin, subject)).values())
    with pytest.raises(Refused, match="not in this workspace"):
        taken(filled.admin, filled.foreign_product)


def test_it_goes_beside_the_product_under_another_key(filled):
    file = taken(filled.owner, filled.product)
    with pytest.raises(Refused, match="--product KEY"):
        product_load(by=filled.admin, file=file)
    file.seek(0)
    loaded = product_load(by=filled.admin, file=file, key="copy")
    assert loaded.product.key == "COPY"
    assert Item.objects.of(loaded.product).first().key.startswith("COPY-")
    assert loaded.people == []
    assert Item.objects.of(filled.product).count() == Item.objects.of(loaded.product).count()


def test_it_refuses_a_workspace_whose_address_is_taken(filled):
    file = taken(filled.admin, filled.people.workspace)
    with pytest.raises(Refused, match="--workspace SLUG"):
        workspace_load(file=file)
    file.seek(0)
    assert workspace_load(file=file, slug="skerry-2").workspace.slug == "skerry-2"


def test_only_those_who_may_take_away_or_bring(filled):
    with pytest.raises(PermissionRefused):
        taken(filled.owner, filled.people.workspace)
    assert lines(taken(filled.viewer, filled.product))["items.jsonl"]
    with pytest.raises(PermissionRefused):
        product_load(by=filled.owner, file=taken(filled.owner, filled.product), key="TWO")


def test_an_export_is_told_in_the_history_and_not_in_the_archive(filled, tmp_path):
    archive_export(by=filled.owner, subject=filled.product, path=tmp_path / "f.zip")
    assert Event.objects.get(verb="archive.exported").object_id == filled.product.pk
    archive_export(by=filled.owner, subject=filled.product, path=tmp_path / "f.zip")
    assert b"archive.exported" not in lines(tmp_path / "f.zip")["events.jsonl"]
    assert (tmp_path / "f.zip").stat().st_mode & 0o077 == 0


def test_it_refuses_a_place_it_cannot_write_and_leaves_nothing(filled, tmp_path):
    with pytest.raises(Refused, match="Cannot write"):
        archive_export(by=filled.owner, subject=filled.product, path=tmp_path / "no" / "f.zip")
    with pytest.raises(Refused, match="folder"):
        archive_export(by=filled.owner, subject=filled.product, path=tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_an_archive_of_schema_1_still_imports(db):
    other = newcomer()
    with FIXTURE.open("rb") as file:
        loaded = product_load(by=other, file=file)
    with zipfile.ZipFile(FIXTURE) as archive:
        rows = json.loads(archive.read("manifest.json"))["rows"]
    product = loaded.product
    assert (product.key, product.name) == ("FERRY", "Skerry Booking")
    assert Item.objects.filter(product=product).count() == rows["items"]
    assert (
        Event.objects.filter(product_id=product.pk).exclude(verb="archive.imported").count()
        == rows["events"]
    )
    item = Item.objects.of(product).get(number=1)
    assert item.parent.title == "Bookings"
    assert item.assignee.user.email == "tariq@skerry.example"
    assert Rating.objects.filter(item=item).count() == 2
    assert Event.objects.of("item", item.pk).filter(verb="item.rated").count() == 2
    # And from here on it is an archive like any other.
    again = taken(other, product)
    emptied()
    second = newcomer()
    assert lines(taken(second, product_load(by=second, file=again).product)) == lines(again)
    assert Product.objects.count() == 1
