"""Who rates which criterion of a model, and for how long a rating counts in full."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from tandem.accounts.permissions import can, require
from tandem.accounts.requests import ProductRequest
from tandem.core.errors import Refused
from tandem.prioritisation import operations as do
from tandem.prioritisation.calculations import model_in_force
from tandem.prioritisation.permissions import RATING_ROLES, roles_rating
from tandem.prioritisation.views.models import model_row
from tandem.prioritisation.views.shared import address, context_of, page


def rating_rules(request: ProductRequest, pk: int) -> HttpResponse:
    """The rules; POST saves ``raters-<slug>`` (several) and ``days-<slug>``."""
    require(request.member, "score.view")
    row = model_row(request, pk)
    model = model_in_force(request.product, row.pk)
    trouble: Refused | None = None
    if request.method == "POST":
        slugs = [each.slug for each in model.rated()]
        usual = {each.slug: [str(r) for r in roles_rating(each)] for each in model.rated()}
        named = {slug: request.POST.getlist(f"raters-{slug}") for slug in slugs}
        try:
            do.raters_set(
                by=request.member,
                model=row,
                # What is shown as it is anyway is not written down as a rule.
                raters={slug: said for slug, said in named.items() if said != usual[slug]},
            )
            do.expiry_set(
                by=request.member,
                model=row,
                days={slug: request.POST.get(f"days-{slug}", "") for slug in slugs},
            )
        except Refused as refusal:
            if refusal.status in (403, 404):
                raise
            trouble = refusal
        else:
            messages.success(request, _("The rules of %(row)s are saved.") % {"row": row.name})
            return redirect(address(request, "rating-rules", pk=pk))
    values = context_of(
        request,
        model,
        roles=RATING_ROLES,
        rules=[(each, roles_rating(each)) for each in model.rated()],
        may_change=can(request.member, "model.edit"),
        trouble=trouble,
        typed=request.POST,
    )
    return page(request, "rating_rules", values, status=422 if trouble else 200)
