"""The four first steps of a product: bring items, rate, plan, forecast."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from tandem.accounts.models import Product
from tandem.backlog.models import Item
from tandem.planning.models import Forecast, Plan, PlanState
from tandem.prioritisation.models import Lens, Rating


@dataclass(frozen=True)
class Step:
    name: str
    #: What one gets from it, in a sentence.
    sentence: str
    done: bool
    #: Button's words and the named page it leads to; shown where that page exists.
    links: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class FirstSteps:
    steps: tuple[Step, ...]

    @property
    def done(self) -> int:
        return sum(step.done for step in self.steps)

    @property
    def complete(self) -> bool:
        return self.done == len(self.steps)

    @property
    def next(self) -> int | None:
        """The place of the first step not done, from 1."""
        return next((n for n, step in enumerate(self.steps, 1) if not step.done), None)

    @property
    def empty(self) -> bool:
        """Nothing is there yet: the guide is all there is to show."""
        return not self.steps[0].done


def first_steps(product: Product) -> FirstSteps:
    """How far the product has come. Five queries that each stop at the first row."""
    ratings = Rating.objects.current().filter(item__product=product)
    solved = Plan.objects.filter(scenario__product=product, state=PlanState.SOLVED)
    return FirstSteps(
        (
            Step(
                _("Bring your items"),
                _("Import the old tracker's export, paste rows, or write the first item."),
                Item.objects.of(product).exists(),
                (
                    (_("Import a file"), "integrations:imports"),
                    (_("Paste rows"), "integrations:paste"),
                    (_("Write an item"), "backlog:list"),
                ),
            ),
            Step(
                _("Rate through both lenses"),
                _(
                    "The Product Owner rates value, the Technical Product Manager feasibility and risk."
                ),
                all(ratings.filter(criterion__lens=lens).exists() for lens in Lens.values),
                ((_("Rate items"), "prioritisation:prioritise"),),
            ),
            Step(
                _("Solve a plan"),
                _("Which items go into which sprint, with the reason for each that does not."),
                solved.exists(),
                ((_("Solve a plan"), "planning:plan"),),
            ),
            Step(
                _("Ask for a forecast"),
                _("When it will be done, as percentiles from what was finished before."),
                Forecast.objects.filter(product=product).exists(),
                ((_("Make a forecast"), "planning:forecast"),),
            ),
        )
    )
