"""What the environment says about signing in: a value that cannot be used stops the start."""

import pytest

from tandem.config import sign_in


def test_the_first_administrators_password_comes_from_a_file_and_is_needed(monkeypatch, tmp_path):
    (tmp_path / "password").write_text("harbour light 42\n")
    assert sign_in.first_administrator() is None
    monkeypatch.setenv("TANDEM_ADMIN_EMAIL", "root@yard.example")
    with pytest.raises(SystemExit, match="TANDEM_ADMIN_PASSWORD: is missing"):
        sign_in.first_administrator()
    monkeypatch.setenv("TANDEM_ADMIN_PASSWORD_FILE", str(tmp_path / "password"))
    assert sign_in.first_administrator() == (
        "root@yard.example",
        "harbour light 42",
        "My workspace",
    )


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("TANDEM_OIDC_ISSUER", "http://id.example.com", "takes an https address"),
        ("TANDEM_OIDC_CLIENT_ID", "", "is missing"),
        ("TANDEM_OIDC_SCOPES", "email", "must contain openid"),
        ("TANDEM_OIDC_ROLES", "po:acme", "is not written as group=workspace:role"),
        ("TANDEM_OIDC_ROLES", "po=acme:king", "'king' is no role"),
    ],
)
def test_a_single_sign_on_that_cannot_work_stops_the_start(monkeypatch, name, value, told):
    monkeypatch.setenv("TANDEM_OIDC_ISSUER", "https://id.example.com")
    monkeypatch.setenv("TANDEM_OIDC_CLIENT_ID", "tandem")
    assert sign_in.oidc().scopes == ("openid", "profile", "email")
    monkeypatch.setenv(name, value)
    with pytest.raises(SystemExit, match=f"^{name}: .*{told}"):
        sign_in.oidc()


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("TANDEM_MAIL_FROM", "", "names the sender's address"),
        ("TANDEM_MAIL_TLS", "ssl3", "takes starttls, tls or no"),
        ("TANDEM_MAIL_PORT", "smtp", "takes a whole number"),
    ],
)
def test_mail_that_cannot_work_stops_the_start(monkeypatch, name, value, told):
    monkeypatch.setenv("TANDEM_MAIL_HOST", "mail.example.com")
    monkeypatch.setenv("TANDEM_MAIL_FROM", "tandem@example.com")
    assert sign_in.mail().port == 587
    monkeypatch.setenv(name, value)
    with pytest.raises(SystemExit, match=f"^{name}: .*{told}"):
        sign_in.mail()
