import json
import logging

import pytest
from django.test import Client

from tandem.core.monitoring import request_id
from tandem.core.monitoring.logs import JsonLineFormatter, LineFormatter, RequestFilter, redacted

SECRETS = [
    ("Authorization: Bearer tdm_ab12cd34_SeCrEtPart", "SeCrEtPart"),
    ("token tdm_ab12cd34_SeCrEtPart was sent", "SeCrEtPart"),
    ("signed with whsec_SeCrEtPart+/a=", "SeCrEtPart"),
    ("Not Found: /join/SeCrEtPart-1234567/", "SeCrEtPart"),
    ("Not Found: /feeds/12345678_SeCrEtPart-123.csv", "SeCrEtPart"),
    ("Not Found: /sign-in/link/SeCrEtPart:1abc:xyz/", "SeCrEtPart"),
    ("POST {'password': 'SeCrEtPart'}", "SeCrEtPart"),
    ("password=SeCrEtPart&next=/", "SeCrEtPart"),
    ('{"password1": "SeCrEtPart"}', "SeCrEtPart"),
    ("Cookie: sessionid=SeCrEtPart; theme=dark", "SeCrEtPart"),
    ("csrftoken=SeCrEtPart", "SeCrEtPart"),
    ("csrfmiddlewaretoken=SeCrEtPart", "SeCrEtPart"),
    ("client_secret: SeCrEtPart", "SeCrEtPart"),
    ("postgresql://tandem:SeCrEtPart@db/tandem", "SeCrEtPart"),
    ("authorization: Basic SeCrEtPart==", "SeCrEtPart"),
]


def record_of(message, **extra):
    record = logging.makeLogRecord(
        {"name": "test", "levelname": "WARNING", "levelno": 30, "msg": message, **extra}
    )
    RequestFilter().filter(record)
    return record


@pytest.mark.parametrize("formatter", [LineFormatter(), JsonLineFormatter()])
@pytest.mark.parametrize(("message", "secret"), SECRETS)
def test_no_secret_gets_into_a_line(formatter, message, secret):
    line = formatter.format(record_of(message))
    assert secret not in line
    assert "•••" in line


@pytest.mark.parametrize(
    "text", ["GET w/<slug:workspace>/ 200", "the tokens page", "join us / now"]
)
def test_other_words_stay(text):
    assert redacted(text) == text


def test_a_traceback_holds_no_secret_either():
    try:
        raise ValueError("password=SeCrEtPart")
    except ValueError as error:
        info = (type(error), error, error.__traceback__)
    for formatter in (LineFormatter(), JsonLineFormatter()):
        line = formatter.format(record_of("failed", exc_info=info))
        assert "ValueError" in line
        assert "SeCrEtPart" not in line


def test_json_is_one_object_a_line_with_number_and_extras():
    request_id.use("abc")
    try:
        line = JsonLineFormatter().format(record_of("two\nlines", status=200, ms=1.5))
    finally:
        request_id.use("")
    assert "\n" not in line
    told = json.loads(line)
    assert told["message"] == "two\nlines"
    assert (told["request_id"], told["status"], told["ms"]) == ("abc", 200, 1.5)
    assert (told["level"], told["logger"]) == ("WARNING", "test")


def test_what_django_logs_of_a_link_holds_no_secret(db, caplog):
    address = "/join/SeCrEtPart-0123456789/"
    with caplog.at_level(logging.INFO):
        Client().get(address)
        Client().get("/nowhere" + address)
    lines = [LineFormatter().format(record) for record in caplog.records]
    assert any("tandem.request" in line for line in lines)
    assert not any("SeCrEtPart" in line for line in lines)
