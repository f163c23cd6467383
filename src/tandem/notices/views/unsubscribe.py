"""No more mail, by the link in a letter: it works without signing in, as RFC 8058 asks.

Looking at the address changes nothing (programs that check mail look at every link); a press on
the button, or the mail program's own one-click request, does.
"""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from tandem.notices import operations as do
from tandem.notices.mail import member_of_token


@csrf_exempt
@login_not_required
@require_http_methods(["GET", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """Ask, and on POST stop the mail of the member whose letter it was."""
    member = member_of_token(token)
    if member is None:
        return render(request, "notices/unsubscribe.jinja", {"member": None}, status=404)
    done = request.method == "POST"
    if done and member.may_act:
        do.setting_update(by=member, mail_off=True)
    values = {"member": member, "done": done}
    return render(request, "notices/unsubscribe.jinja", values)
