// The plan's board: where an item is dropped, or moved with the keys, a dialog asks for the reason;
// its form makes the rule. data-plan-move="KEY" opens the same dialog by hand.
import { on } from "./behave.js";
import { openDialog } from "./dialog.js";

function ask(item, to) {
  const form = document.querySelector("form[data-plan-moves]");
  if (!form) return;
  // By name: "item" is a method of the list of fields.
  const field = (name) => form.elements.namedItem(name);
  field("item").value = item;
  if (to) field("to").value = to;
  field("reason").value = "";
  openDialog(form.closest("dialog"));
  field(to ? "reason" : "to").focus();
}

on("click", "[data-plan-move]", (event, button) => {
  event.preventDefault();
  ask(button.dataset.planMove, button.closest("[data-reorder-list]")?.dataset.reorderList);
  document.getElementById("move_to")?.focus();
});

on("tandem:reordering", '[data-reorder-group="plan"]', (event) => {
  event.preventDefault();
  // Within one cell the order says nothing.
  if (event.detail.from !== event.detail.list) ask(event.detail.item, event.detail.list);
});
