"""The workspace's own lists. Each may be taken out by whoever may open its page."""

from collections.abc import Callable
from typing import Any

from django.http import QueryDict
from django.shortcuts import get_object_or_404
from django.utils import timezone

from tandem.accounts.models import Invitation, Member, Product
from tandem.accounts.permissions import require
from tandem.accounts.queries import services_of, tokens_of
from tandem.backlog.forms import whole_number
from tandem.core.models import Job, JobState
from tandem.integrations.models import ArchiveRun, Feed, Webhook, WebhookDelivery
from tandem.integrations.sheets.product_lists import trash_sheet
from tandem.integrations.sheets.sheet import Sheet, sheet_of

WorkspaceMaking = Callable[[Member, QueryDict], Sheet]


def people(member: Member, query: QueryDict | None = None) -> Sheet:
    """The members of the workspace."""
    require(member, "workspace.view")
    return sheet_of(
        ["Name", "Mail address", "Role", "Joined"],
        Member.objects.visible_to(member)
        .active()
        .select_related("user")
        .order_by("user__name", "pk"),
        lambda each: [each.name, each.user.email, each.get_role_display(), each.joined_at],
    )


def invitations(member: Member, query: QueryDict) -> Sheet:
    """The open ones; their links are told once, when they are made."""
    require(member, "member.invite")
    rows = Invitation.objects.filter(workspace_id=member.workspace_id)
    rows = rows.filter(accepted_by=None, withdrawn_at=None, expires_at__gt=timezone.now())
    return sheet_of(
        ["For", "Role", "Invited by", "Made", "Until"],
        rows.select_related("invited_by__user").order_by("-pk"),
        lambda each: [
            each.email, each.get_role_display(), each.invited_by.name, each.created_at,
            each.expires_at,
        ],
    )  # fmt: skip


def products(member: Member, query: QueryDict) -> Sheet:
    require(member, "workspace.view")
    return sheet_of(
        ["Key", "Name", "Description", "Estimates in", "Made"],
        Product.objects.visible_to(member).order_by("name", "pk"),
        lambda each: [
            each.key, each.name, each.description, each.estimate_unit, each.created_at
        ],
    )  # fmt: skip


def tokens(member: Member, query: QueryDict) -> Sheet:
    """One's own open tokens: what they may, not what they are."""
    return sheet_of(
        ["What for", "Begins with", "May", "Product", "Made", "Until", "Last used"],
        tokens_of(member),
        lambda each: [
            each.name, f"tdm_{each.prefix}", each.allows, each.product.key if each.product else "",
            each.created_at, each.expires_at, each.last_used_at,
        ],
    )  # fmt: skip


def services(member: Member, query: QueryDict) -> Sheet:
    """The workspace's services and what their tokens may."""
    return sheet_of(
        ["Service", "Role", "Begins with", "May", "Product", "Made", "Until", "Last used"],
        services_of(member),
        lambda each: [
            each.name, each.member.get_role_display(), f"tdm_{each.prefix}", each.allows,
            each.product.key if each.product else "", each.created_at, each.expires_at,
            each.last_used_at,
        ],
    )  # fmt: skip


def jobs(member: Member, query: QueryDict) -> Sheet:
    """The workspace's background work, the newest first; ``?state=`` shows one state alone."""
    require(member, "job.manage")
    rows = Job.objects.in_workspace(member.workspace_id)
    if query.get("state", "") in JobState.values:
        rows = rows.filter(state=query["state"])
    return sheet_of(
        ["Job", "What", "State", "Attempts", "Asked for", "Started", "Ended", "Why it failed"],
        rows.order_by("-pk"),
        lambda each: [
            each.pk, each.name, each.get_state_display(), each.attempts, each.enqueued_at,
            each.started_at, each.finished_at, each.reason,
        ],
    )  # fmt: skip


def trash(member: Member, query: QueryDict) -> Sheet:
    require(member, "trash.view")
    return trash_sheet(member, None)


def feeds(member: Member, query: QueryDict) -> Sheet:
    require(member, "feed.make")
    rows = Feed.objects.managed_by(member).open().filter(product__deleted_at=None)
    return sheet_of(
        ["What for", "Product", "List", "Filter and columns", "Made by", "Made", "Last read"],
        rows.select_related("product", "made_by__user").order_by("-pk"),
        lambda each: [
            each.name, each.product.key, each.list_name, each.query, each.made_by.name,
            each.created_at, each.last_read_at,
        ],
    )  # fmt: skip


def archives(member: Member, query: QueryDict) -> Sheet:
    require(member, "product.export")
    rows = ArchiveRun.objects.managed_by(member).select_related("product", "asked_by__user")
    return sheet_of(
        ["File", "Product", "Direction", "State", "Rows", "Bytes", "Asked by", "Asked", "Ended"],
        rows.order_by("-pk"),
        lambda each: [
            each.file_name, each.product.key if each.product else "",
            "in" if each.brings_in else "out", each.get_state_display(), each.rows, each.bytes,
            each.asked_by.name if each.asked_by else "", each.asked_at, each.finished_at,
        ],
    )  # fmt: skip


def webhooks(member: Member, query: QueryDict) -> Sheet:
    require(member, "webhook.manage")
    rows = Webhook.objects.visible_to(member).select_related("product")
    return sheet_of(
        ["Name", "Address", "Product", "Events", "State", "Made"],
        rows.order_by("name", "pk"),
        lambda each: [
            each.name, each.url, each.product.key if each.product else "",
            ", ".join(each.kinds) or "all", each.get_state_display(), each.created_at,
        ],
    )  # fmt: skip


def chats(member: Member, query: QueryDict) -> Sheet:
    require(member, "webhook.manage")
    rows = Webhook.objects.chats_visible_to(member).select_related("product")
    return sheet_of(
        ["Name", "Service", "Product", "Events", "State", "Made"],
        rows.order_by("name", "pk"),
        lambda each: [
            each.name, each.url, each.product.key if each.product else "",
            ", ".join(each.kinds) or "all", each.get_state_display(), each.created_at,
        ],
    )  # fmt: skip


def deliveries(member: Member, query: QueryDict) -> Sheet:
    """What was sent to the webhook or chat ``?webhook=``, the newest first."""
    require(member, "webhook.manage")
    hooks = Webhook.objects.visible_to(member) | Webhook.objects.chats_visible_to(member)
    hook = get_object_or_404(hooks, pk=whole_number(query.get("webhook")))

    def cells(each: WebhookDelivery) -> list[Any]:
        state = each.get_state_display()
        return [
            each.sequence, each.kind, state, each.attempts, each.created_at, each.last_at,
            each.status, each.duration_ms, each.error,
        ]  # fmt: skip

    return sheet_of(
        [
            "Number",
            "Event",
            "State",
            "Attempts",
            "Made",
            "Tried",
            "Answer",
            "Milliseconds",
            "Error",
        ],
        WebhookDelivery.objects.filter(webhook=hook).order_by("-sequence"),
        cells,
    )


WORKSPACE_LISTS: dict[str, WorkspaceMaking] = {
    "people": people,
    "invitations": invitations,
    "products": products,
    "tokens": tokens,
    "services": services,
    "jobs": jobs,
    "trash": trash,
    "feeds": feeds,
    "archives": archives,
    "webhooks": webhooks,
    "chats": chats,
    "deliveries": deliveries,
}
