"""Who may do what to items and what hangs on them."""

from tandem.accounts.permissions import CONTRIBUTORS, EVERYBODY, MAKERS, STEERING, declare

declare("item.view", EVERYBODY, "see items")
declare("item.watch", EVERYBODY, "watch items")
declare("item.create", MAKERS, "create items")
declare("item.edit", MAKERS, "change items")
declare("item.move", MAKERS, "reorder the backlog")
declare("item.delete", MAKERS, "delete items")
declare("view.share", MAKERS, "share views of the backlog")
declare("parking.edit", STEERING, "say when stale items are parked")
declare("template.edit", STEERING, "change item templates")
declare("field.edit", STEERING, "change a product's own fields")
declare("status.edit", STEERING, "change a product's statuses")
declare("transition.edit", STEERING, "change the rules for moving items")
declare("item.approve", CONTRIBUTORS, "consent to moves of items")
declare("criterion.edit", MAKERS, "change acceptance criteria")
declare("question.ask", CONTRIBUTORS, "ask questions")
declare("question.answer", CONTRIBUTORS, "answer questions")
declare("attachment.add", CONTRIBUTORS, "attach files")
declare("comment.write", CONTRIBUTORS, "write comments")
