"""Forgotten passwords: by mail when there is mail, else by an administrator's link."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from tandem.accounts import tasks
from tandem.accounts.forms import ForgottenForm, NewPasswordForm
from tandem.accounts.links import link_of
from tandem.accounts.models import LinkPurpose
from tandem.accounts.sign_in import throttle
from tandem.accounts.sign_in.enter import enter
from tandem.accounts.sign_in.passwords import password_choose
from tandem.core.errors import Refused


@login_not_required
def forgotten(request: HttpRequest) -> HttpResponse:
    """Ask for a mail. The answer is the same whoever is asked about, and takes the same time."""
    if not settings.EMAIL_HOST:
        raise Http404
    form = ForgottenForm(request.POST or None)
    sent, status = False, 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            email = form.cleaned_data["email"]
            try:
                throttle.take(request, "reset", email)
            except Refused as refusal:
                form.add_error(None, refusal.message)
                status = refusal.status
            else:
                tasks.reset_mail.enqueue(email=email, base=request.build_absolute_uri("/"))
                sent, status = True, 200
    return render(request, "accounts/forgotten.jinja", {"form": form, "sent": sent}, status=status)


@login_not_required
@never_cache
@sensitive_post_parameters("password")
def password_link(request: HttpRequest, secret: str) -> HttpResponse:
    """Choose a password by a single-use link, and be signed in with it."""
    link = link_of(secret, LinkPurpose.PASSWORD)
    form = NewPasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            user = password_choose(secret=secret, password=form.cleaned_data["password"])
        except Refused as refusal:
            if refusal.field not in form.fields:
                raise
            form.add_error(refusal.field, refusal.message)
        else:
            return enter(request, user, method="password link")
    status = 422 if form.errors else 200
    return render(
        request, "accounts/password_link.jinja", {"form": form, "person": link.user}, status=status
    )
