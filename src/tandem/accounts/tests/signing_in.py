"""What the tests of signing in share: passwords, codes of the app, and what a person reads."""

import re
import time

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.test import Client

PASSWORD = "harbour light 42"


def give_password(member, password=PASSWORD):
    member.user.set_password(password)
    member.user.save()
    return password


def words(answer) -> str:
    body = answer.content.decode().split("<body", 1)[-1].partition("}'>")[2]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", body))


def sign_in(member, client=None, **more):
    """``(client, answer)`` of signing in by password through the page."""
    client = client or Client()
    fields = {"email": member.user.email, "password": PASSWORD, **more}
    return client, client.post("/sign-in/", fields)


def code_of(secret, steps=0) -> str:
    """What the app shows now, or so many half minutes later."""
    counter = int(time.time()) // 30 + steps
    return totp.format_hotp_value(totp.hotp_value(secret, counter))


def give_app(user) -> str:
    """Set an authenticator app up; returns its secret."""
    secret = totp.generate_totp_secret()
    totp.TOTP.activate(user, secret)
    return secret


def give_codes(user) -> list[str]:
    from tandem.accounts.sign_in import factors

    return factors.codes_make(user=user)


def factors_in(user) -> list[str]:
    rows = Authenticator.objects.filter(user=user).order_by("type")
    return list(rows.values_list("type", flat=True))
