"""Threads, reactions and people named in comments."""

import pytest

from tandem.accounts import operations as accounts
from tandem.accounts.models import Member
from tandem.backlog import operations as do
from tandem.backlog.models import Comment, Reaction
from tandem.backlog.people_named import MOST, people_named
from tandem.backlog.tests.item_page import HTMX, page, send
from tandem.core.errors import Refused
from tandem.core.models import Event


@pytest.fixture
def comment(world, item):
    return do.comment_write(by=world.owner, item=item, text="Which ferries?")


def shown(world, item, member):
    return world.client(member).get(page(world, item)).content.decode()


def test_a_reply_to_a_reply_stands_in_the_thread_that_was_begun(world, item, comment):
    first = do.comment_write(by=world.stakeholder, item=item, text="All.", reply_to=comment)
    second = do.comment_write(by=world.technical, item=item, text="Some.", reply_to=first)
    assert (first.reply_to, second.reply_to) == (comment, comment)
    text = shown(world, item, world.viewer)
    assert text.index("Which ferries?") < text.index("All.") < text.index("Some.")


def test_a_reply_over_the_page_stands_in_its_thread_and_an_empty_one_is_refused(
    world, item, comment
):
    rest = f"comments/{comment.pk}/replies/"
    form = world.client(world.stakeholder).get(page(world, item, rest), **HTMX).content.decode()
    assert 'aria-label="Reply"' in form
    assert send(world, world.stakeholder, item, rest, {"text": " "}, htmx=True).status_code == 422
    send(world, world.stakeholder, item, rest, {"text": "All of them"}, htmx=True)
    assert Comment.objects.get(text="All of them").reply_to == comment


def test_a_reply_to_another_items_comment_is_refused(world, other, comment):
    with pytest.raises(Refused, match="not on this item"):
        do.comment_write(by=world.owner, item=other, text="Lost", reply_to=comment)


def test_a_deleted_comment_with_replies_leaves_its_place(world, item, comment):
    do.comment_write(by=world.stakeholder, item=item, text="All of them", reply_to=comment)
    do.comment_delete(by=world.owner, comment=comment)
    text = shown(world, item, world.viewer)
    assert "This comment was deleted." in text
    assert "Which ferries?" not in text.partition("item-history")[0]
    assert "All of them" in text


def test_a_thread_is_resolved_folded_and_opened_by_a_reply(world, item, comment):
    send(world, world.stakeholder, item, f"comments/{comment.pk}/resolution/")
    comment.refresh_from_db()
    assert comment.resolved_by == world.stakeholder
    assert f"resolved by {world.stakeholder.name}" in shown(world, item, world.viewer)
    do.comment_write(by=world.technical, item=item, text="Not quite.", reply_to=comment)
    comment.refresh_from_db()
    assert comment.resolved_at is None
    verbs = list(Event.objects.of("item", item.pk).values_list("verb", flat=True)[:3])
    assert verbs == ["comment.reopened", "comment.written", "comment.resolved"]
    reply = Comment.objects.get(text="Not quite.")
    with pytest.raises(Refused, match="whole thread"):
        do.comment_resolve(by=world.owner, comment=reply)


def test_a_reaction_is_given_and_taken_back_and_says_who(world, item, comment):
    rest = f"comments/{comment.pk}/reactions/"
    text = send(world, world.technical, item, rest, {"kind": "agree"}, htmx=True).content.decode()
    assert f'aria-label="Agree: {world.technical.name}"' in text
    assert 'aria-pressed="true"' in text
    assert send(world, world.viewer, item, rest, {"kind": "agree"}).status_code == 403
    assert send(world, world.owner, item, rest, {"kind": "fire"}, htmx=True).status_code == 422
    send(world, world.technical, item, rest, {"kind": "agree"})
    assert not Reaction.objects.exists()


def test_reacting_twice_over_the_api_is_reacting_once(world, comment):
    for _ in range(2):
        do.comment_react(by=world.owner, comment=comment, kind="done", on=True)
    assert Reaction.objects.count() == 1
    assert Event.objects.filter(verb="comment.reacted").count() == 1


def test_an_edited_comment_tells_how_it_read_before(world, item, comment):
    do.comment_update(by=world.owner, comment=comment, text="Which ferries, please?")
    assert ">edited</a>" in shown(world, item, world.viewer)
    address = page(world, item, f"comments/{comment.pk}/wordings/")
    for extra in (HTMX, {}):
        text = world.client(world.viewer).get(address, **extra).content.decode()
        assert "added: </span>" in text


# --- people named --------------------------------------------------------------------------


def test_people_are_named_by_name_or_mail_address_but_not_in_code(world, item):
    owner, technical = world.owner, world.technical
    text = (
        f"@{owner.name.upper()}, @{technical.user.email}: see `@{world.developer.name}` and "
        f"write to me@{world.stakeholder.name} or @{world.viewer.name}son"
    )
    written = do.comment_write(by=world.admin, item=item, text=text)
    assert {each.member for each in written.named.all()} == {owner, technical}
    assert Event.objects.of("item", item.pk)[0].changes["named_ids"] == [owner.pk, technical.pk]
    told = shown(world, item, owner)
    assert f'<span class="named named-you" title="{owner.name} (you)">@{owner.name}</span>' in told
    assert f">@{technical.name}</span>" in told


def test_a_new_wording_tells_only_whom_it_names_anew(world, item):
    written = do.comment_write(by=world.admin, item=item, text=f"@{world.owner.name} look")
    text = f"@{world.owner.name} and @{world.technical.name} look"
    event = do.comment_update(by=world.admin, comment=written, text=text)
    assert event.changes["named_ids"] == [world.technical.pk]


def test_the_longer_of_two_names_is_meant(world):
    user = accounts.user_create(email="petra2@skerry.example", name=f"{world.owner.name} Berg")
    longer = Member.objects.create(user=user, workspace=world.owner.workspace, role="viewer")
    found = people_named(f"@{longer.name}!", world.owner.workspace_id)
    assert [member for member, _ in found.people] == [longer]


def test_five_hundred_people_named_in_one_comment_are_bounded_and_said(world, item):
    for number in range(60):
        user = accounts.user_create(email=f"p{number}@skerry.example", name=f"Person{number:03d}")
        Member.objects.create(user=user, workspace=world.owner.workspace, role="viewer")
    text = " ".join(f"@Person{number:03d}" for number in range(60)) + " @Person000" * 440
    answer = send(world, world.owner, item, "comments/", {"text": text}, htmx=True)
    assert "the 10 named last are not told" in answer.content.decode()
    assert Comment.objects.get().named.count() == MOST


def test_completion_offers_the_mail_address_where_a_name_is_shared(world):
    user = accounts.user_create(email="twin@skerry.example", name=world.owner.name)
    Member.objects.create(user=user, workspace=world.owner.workspace, role="viewer")
    address = world.address("people-matches/")
    typed = {"q": world.owner.name[:4]}
    text = world.client(world.viewer).get(address, typed).content.decode()
    assert 'data-writes="twin@skerry.example"' in text
    typed = {"q": world.technical.name.split()[-1]}
    text = world.client(world.viewer).get(address, typed).content.decode()
    assert f'data-writes="{world.technical.name}"' in text
    assert "Otto" not in world.client(world.viewer).get(address, {"q": "o"}).content.decode()
