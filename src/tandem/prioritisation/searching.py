"""Rating sessions and scoring models, as they are found. Ballots are not: what is blind stays so."""

from collections.abc import Sequence

from django.utils.translation import gettext_noop as N_

from tandem.accounts.models import Member
from tandem.core.index.kinds import Kind, Shown, register
from tandem.prioritisation.models import RatingSession, ScoringModel


def _sessions(member: Member, numbers: Sequence[int]) -> dict[int, Shown]:
    rows = RatingSession.objects.visible_to(member).filter(pk__in=numbers)
    return {
        row.pk: Shown(
            row.name,
            "prioritisation:session",
            {"product": row.product.key, "pk": row.pk},
            hint=row.get_state_display(),
        )
        for row in rows.select_related("product")
    }


def _models(member: Member, numbers: Sequence[int]) -> dict[int, Shown]:
    rows = ScoringModel.objects.visible_to(member).filter(pk__in=numbers)
    return {
        row.pk: Shown(
            row.name,
            "prioritisation:model-shape",
            {"product": row.product.key, "pk": row.pk},
            hint=row.product.name,
        )
        for row in rows.select_related("product")
    }


PRODUCT = "JOIN accounts_product p ON p.id = t.product_id"

register(
    Kind(
        name="session",
        one=N_("Rating session"),
        many=N_("Rating sessions"),
        icon="messages",
        action="score.view",
        area="prioritisation",
        order=60,
        table="prioritisation_ratingsession",
        columns=("name", "question", "product_id"),
        workspace="p.workspace_id",
        product="t.product_id",
        title="t.name",
        body="t.question",
        at="t.created_at",
        joins=PRODUCT,
        shown=_sessions,
    )
)
register(
    Kind(
        name="model",
        one=N_("Scoring model"),
        many=N_("Scoring models"),
        icon="math-function",
        action="score.view",
        area="prioritisation",
        order=65,
        table="prioritisation_scoringmodel",
        columns=("name", "product_id"),
        workspace="p.workspace_id",
        product="t.product_id",
        title="t.name",
        body="''",
        at="t.created_at",
        joins=PRODUCT,
        shown=_models,
    )
)
