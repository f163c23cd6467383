"""Asking and answering without leaving Home."""

from django.contrib import messages
from django.db.models import Exists, OuterRef
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tandem.accounts.requests import ProductRequest
from tandem.backlog.models import Item, Question
from tandem.backlog.operations import question_answer, question_ask
from tandem.core.errors import Refused


@require_POST
def ask(request: ProductRequest) -> HttpResponse:
    """Ask about the item that ``about`` begins with: ``FERRY-12`` or ``FERRY-12 Its title``."""
    key = request.POST.get("about", "").strip().split(" ")[0]
    rows = Item.objects.visible_to(request.member).with_keys(request.product, [key])
    item = rows.first()
    if item is None:
        example = {"key": key, "example": f"{request.product.key}-12"}
        if key:
            said = _(
                "There is no item %(key)s here. Begin with a key like %(example)s, or choose one "
                "of the list."
            )
        else:
            said = _(
                "There is no item without a key here. Begin with a key like %(example)s, or choose "
                "one of the list."
            )
        raise Refused(said % example, field="about")
    item.product = request.product
    question_ask(by=request.member, item=item, text=request.POST.get("text", ""))
    messages.success(request, _("Your question stands on %(key)s.") % {"key": item.key})
    return _back(request)


@require_POST
def answer(request: ProductRequest, pk: int) -> HttpResponse:
    mine = Exists(Item.objects.visible_to(request.member).filter(pk=OuterRef("item_id")))
    rows = Question.objects.filter(mine, pk=pk, item__product=request.product)
    question = rows.select_related("item").first()
    if question is None:
        raise Http404
    question.item.product = request.product
    text = request.POST.get("answer", "")
    if not text.strip():
        raise Refused(_("Write the answer."), field="answer")
    question_answer(by=request.member, question=question, answer=text)
    messages.success(request, _("Answered on %(key)s.") % {"key": question.item.key})
    return _back(request)


def _back(request: ProductRequest) -> HttpResponse:
    """To the home one came from; ``for`` keeps the tab."""
    address = reverse(
        "home:home",
        kwargs={"workspace": request.member.workspace.slug, "product": request.product.key},
    )
    tab = request.POST.get("for", "")
    return redirect(f"{address}?for={tab}" if tab.isidentifier() else address)
