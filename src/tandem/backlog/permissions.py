"""Who may do what to items and what hangs on them."""

from django.utils.translation import gettext_noop as N_

from tandem.accounts.permissions import CONTRIBUTORS, EVERYBODY, MAKERS, STEERING, declare

declare("item.view", EVERYBODY, N_("see items"))
declare("item.watch", EVERYBODY, N_("watch items"))
declare("item.create", MAKERS, N_("create items"))
declare("item.edit", MAKERS, N_("change items"))
declare("item.move", MAKERS, N_("reorder the backlog"))
declare("item.delete", MAKERS, N_("delete items"))
declare("view.share", MAKERS, N_("share views of the backlog"))
declare("parking.edit", STEERING, N_("say when stale items are parked"))
declare("template.edit", STEERING, N_("change item templates"))
declare("field.edit", STEERING, N_("change a product's own fields"))
declare("status.edit", STEERING, N_("change a product's statuses"))
declare("transition.edit", STEERING, N_("change the rules for moving items"))
declare("item.approve", CONTRIBUTORS, N_("consent to moves of items"))
declare("criterion.edit", MAKERS, N_("change acceptance criteria"))
declare("question.ask", CONTRIBUTORS, N_("ask questions"))
declare("question.answer", CONTRIBUTORS, N_("answer questions"))
declare("attachment.add", CONTRIBUTORS, N_("attach files"))
declare("comment.write", CONTRIBUTORS, N_("write comments"))
