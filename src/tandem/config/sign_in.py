"""What the environment says about mail and the single sign-on."""

from typing import NamedTuple
from urllib.parse import urlsplit

from tandem.accounts.sign_in.provider import Provider, rules_read
from tandem.config.env import BadSetting, flag, number, text, words


class FirstAdministrator(NamedTuple):
    email: str
    password: str
    workspace: str


def first_administrator() -> FirstAdministrator | None:
    """``TANDEM_ADMIN_…``: who is made administrator when nobody works here yet."""
    email, password = text("TANDEM_ADMIN_EMAIL"), text("TANDEM_ADMIN_PASSWORD")
    if not email:
        return None
    if not password:
        raise BadSetting("TANDEM_ADMIN_PASSWORD", "is missing beside TANDEM_ADMIN_EMAIL")
    return FirstAdministrator(email, password, text("TANDEM_ADMIN_WORKSPACE", "My workspace"))


class Mail(NamedTuple):
    """How mail leaves; without a host none does."""

    host: str
    port: int
    user: str
    password: str
    starttls: bool
    tls: bool
    sender: str


def mail() -> Mail:
    """``TANDEM_MAIL_…``: the server that takes mail, and how to speak to it."""
    security = text("TANDEM_MAIL_TLS", "starttls").lower()
    if security not in {"starttls", "tls", "no"}:
        raise BadSetting("TANDEM_MAIL_TLS", f"takes starttls, tls or no, not {security!r}")
    host, sender = text("TANDEM_MAIL_HOST"), text("TANDEM_MAIL_FROM")
    if host and "@" not in sender:
        raise BadSetting("TANDEM_MAIL_FROM", "with TANDEM_MAIL_HOST it names the sender's address")
    return Mail(
        host=host,
        port=number("TANDEM_MAIL_PORT", 465 if security == "tls" else 587, low=1, high=65535),
        user=text("TANDEM_MAIL_USER"),
        password=text("TANDEM_MAIL_PASSWORD"),
        starttls=security == "starttls",
        tls=security == "tls",
        sender=sender or "tandem@localhost",
    )


def oidc() -> Provider | None:
    """``TANDEM_OIDC_…``: the single sign-on, or ``None`` when no issuer is named."""
    issuer = text("TANDEM_OIDC_ISSUER").rstrip("/")
    if not issuer:
        return None
    parts = urlsplit(issuer)
    if parts.scheme != "https" and parts.hostname not in {"localhost", "127.0.0.1", "::1"}:
        raise BadSetting("TANDEM_OIDC_ISSUER", f"takes an https address, not {issuer!r}")
    client = text("TANDEM_OIDC_CLIENT_ID")
    if not client:
        raise BadSetting("TANDEM_OIDC_CLIENT_ID", "is missing: the provider gives it")
    scopes = words("TANDEM_OIDC_SCOPES", ("openid", "profile", "email"))
    if "openid" not in scopes:
        raise BadSetting("TANDEM_OIDC_SCOPES", "must contain openid")
    try:
        rules = rules_read(text("TANDEM_OIDC_ROLES"))
    except ValueError as error:
        raise BadSetting("TANDEM_OIDC_ROLES", str(error)) from None
    return Provider(
        issuer=issuer,
        client_id=client,
        client_secret=text("TANDEM_OIDC_CLIENT_SECRET"),
        name=text("TANDEM_OIDC_NAME", "single sign-on"),
        scopes=tuple(scopes),
        domains=tuple(word.lower().lstrip("@") for word in words("TANDEM_OIDC_DOMAINS")),
        role_claim=text("TANDEM_OIDC_ROLE_CLAIM", "groups"),
        rules=rules,
        creates=flag("TANDEM_OIDC_CREATE"),
        second_factor=flag("TANDEM_OIDC_SECOND_FACTOR"),
    )
