"""Value against effort, and lens against lens."""

from django.http import HttpResponse
from django.views.decorators.http import require_GET

from tandem.accounts.requests import ProductRequest
from tandem.prioritisation.calculations import table_for
from tandem.prioritisation.pictures import effort_picture, lenses_picture
from tandem.prioritisation.views.shared import context_of, model_asked, page


@require_GET
def picture(request: ProductRequest) -> HttpResponse:
    model = model_asked(request)
    table = table_for(request.product, model)
    values = context_of(
        request,
        model,
        table=table,
        effort=effort_picture(request.product, table, model),
        lens_against_lens=lenses_picture(request.product, table),
    )
    return page(request, "picture", values)
