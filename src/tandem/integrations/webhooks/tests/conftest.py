import datetime

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from tandem.core.outgoing.addresses import Allowed
from tandem.integrations.webhooks import operations as do
from tandem.integrations.webhooks.tests.receiver import receiving


@pytest.fixture(autouse=True)
def jobs_wait_for_the_worker(settings):
    tasks = {name: dict(backend) for name, backend in settings.TASKS.items()}
    tasks["default"]["OPTIONS"] = {"inline": False}
    settings.TASKS = tasks


@pytest.fixture
def receiver(settings):
    settings.WEBHOOK_ALLOW = Allowed.of(["127.0.0.1"])
    with receiving() as made:
        yield made


@pytest.fixture
def hook(world, receiver):
    """A webhook for everything of the workspace, leading to ``receiver``; no job is left of it."""
    made, _ = do.webhook_create(by=world.admin, name="Chat", url=receiver.url())
    return made


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """A certificate of hook.example that signs itself, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "hook.example")])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("hook.example")]), False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), True)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "both.pem"
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + made.public_bytes(serialization.Encoding.PEM)
    )
    return path
