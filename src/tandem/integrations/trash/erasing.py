"""Erasing a workspace for good."""

import json
import logging
from pathlib import Path

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from tandem.accounts.models import Member, Product, User, Workspace
from tandem.accounts.permissions import require
from tandem.accounts.sign_in import factors
from tandem.core import forgetting, kept
from tandem.core.errors import Refused
from tandem.core.index import words
from tandem.core.jobs import control, notes
from tandem.core.models import Event, Job
from tandem.integrations.models import ArchiveRun
from tandem.integrations.trash.operations import product_rows_erase

log = logging.getLogger("tandem.instance")
LOG_FILE = "instance.log"


def instance_log(text: str) -> None:
    """One line in the data folder's ``instance.log``: what happened to this instance itself."""
    line = f"{timezone.now().isoformat(timespec='seconds')} {' '.join(text.split())}\n"
    path = Path(settings.DATA) / LOG_FILE
    with path.open("a", encoding="utf-8") as file:
        file.write(line)
    path.chmod(0o600)
    log.warning("%s", line.strip())


def workspace_erase(
    *, by: Member, name: str, password: str = "", code: str = "", factor_shown: bool = False
) -> None:
    """Erase the workspace of ``by``: every row, every file, and people who belong to no other one.

    ``name``: the workspace's name, typed. ``password``: that of ``by``, where they have one.
    ``code``: of the authenticator app or a recovery code, where they have a second factor, unless
    ``factor_shown`` says that they showed one in this session just now. What remains is one line in ``instance.log``. There is no way back but a backup.
    """
    require(by, "workspace.erase")
    workspace = Workspace.objects.get(pk=by.workspace_id)
    if " ".join(name.split()) != " ".join(workspace.name.split()):
        raise Refused(
            _("Type the workspace's name, %(workspace)s, to erase it.")
            % {"workspace": workspace.name},
            field="name",
        )
    if by.user.has_usable_password() and not by.user.check_password(password):
        raise Refused(_("That is not your password."), field="password")
    if factors.has_factor(by.user) and not factor_shown:
        found = factors.code_accept(by.user, code)
        if found is None:
            raise Refused(
                _(
                    "This code is not right, or it was used before. Wait for the next one in the app, or "
                    "use a recovery code."
                ),
                field="code",
            )
        found.record_usage()
    told = f"The workspace {workspace.slug} was erased for good by {by.name}."
    with transaction.atomic():
        _rows_erase(workspace)
    instance_log(told)


def _rows_erase(workspace: Workspace) -> None:
    users = set(Member.objects.filter(workspace=workspace).values_list("user_id", flat=True))
    emails = set(User.objects.filter(pk__in=users).values_list("email", flat=True))
    for path in ArchiveRun.objects.filter(workspace=workspace).values_list("path", flat=True):
        kept.forget(path)
    runs = [run.progress_key for run in ArchiveRun.objects.filter(workspace=workspace).only("pk")]
    transaction.on_commit(lambda: notes.forget_all(runs))
    for product in Product.objects.filter(workspace=workspace):
        product_rows_erase(product)
    forgetting.forget(Event.objects.filter(workspace_id=workspace.pk))
    Workspace.objects.filter(pk=workspace.pk).delete()
    words.forget(workspace.pk)
    users -= set(Member.objects.filter(user_id__in=users).values_list("user_id", flat=True))
    _sessions_erase({str(pk) for pk in users})
    emails -= set(User.objects.exclude(pk__in=users).values_list("email", flat=True))
    User.objects.filter(pk__in=users).delete()
    control.erase(Job.objects.filter(workspace_id=workspace.pk))
    # Mail to somebody who is erased is the installation's own work, but names them.
    own = Job.objects.filter(workspace_id=None)
    naming = [
        job.pk
        for job in own.only("pk", "args", "kwargs").iterator()
        if any(email in json.dumps([job.args, job.kwargs]) for email in emails)
    ]
    control.erase(own.filter(pk__in=naming))


def _sessions_erase(users: set[str]) -> None:
    gone = [
        session.pk
        for session in Session.objects.iterator()
        if session.get_decoded().get("_auth_user_id") in users
    ]
    Session.objects.filter(pk__in=gone).delete()
