"""People and products, as they are found."""

from collections.abc import Sequence

from django.utils.translation import gettext_noop as N_

from tandem.accounts.models import Member, Product
from tandem.core.index.kinds import Follows, Kind, Shown, register


def _people(member: Member, numbers: Sequence[int]) -> dict[int, Shown]:
    rows = Member.objects.visible_to(member).active().filter(pk__in=numbers).select_related("user")
    return {
        row.pk: Shown(row.name, "accounts:people", {}, hint=row.get_role_display()) for row in rows
    }


def _products(member: Member, numbers: Sequence[int]) -> dict[int, Shown]:
    rows = Product.objects.visible_to(member).filter(pk__in=numbers)
    return {
        row.pk: Shown(row.name, "backlog:list", {"product": row.key}, hint=row.key) for row in rows
    }


register(
    Kind(
        name="person",
        one=N_("Person"),
        many=N_("People"),
        icon="user",
        action="workspace.view",
        area="people",
        order=80,
        table="accounts_member",
        columns=("user_id", "workspace_id", "ended_at", "is_service"),
        workspace="t.workspace_id",
        product="NULL",
        title="u.name",
        body="u.email",
        at="t.joined_at",
        joins="JOIN accounts_user u ON u.id = t.user_id",
        where="t.ended_at IS NULL AND NOT t.is_service AND u.is_active",
        follows=(Follows("accounts_user", ("name", "email", "is_active"), "user_id"),),
        shown=_people,
    )
)
register(
    Kind(
        name="product",
        one=N_("Product"),
        many=N_("Products"),
        icon="package",
        action="workspace.view",
        area="workspace",
        order=90,
        table="accounts_product",
        columns=("key", "name", "description", "workspace_id"),
        workspace="t.workspace_id",
        product="t.id",
        title="t.key || ' ' || t.name",
        body="t.description",
        at="t.created_at",
        shown=_products,
    )
)
