"""``tandem forecast``: when items are done, or how many by a day."""

import datetime
from typing import TYPE_CHECKING

import click

from tandem.cli.base import (
    answer,
    data_option,
    json_option,
    member_for,
    product_of,
    product_option,
    workspace_option,
)

if TYPE_CHECKING:
    from tandem.planning.models import Forecast


@click.command()
@product_option
@workspace_option
@click.option("--items", type=int, metavar="N", help="When will N more items be done?")
@click.option(
    "--by",
    "by_date",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="DATE",
    help="How many items are done by the end of DATE (YYYY-MM-DD)?",
)
@click.option(
    "--range",
    "pace",
    type=float,
    nargs=2,
    metavar="LOW HIGH",
    help="Items per week, slowest and fastest, instead of the record of finished items.",
)
@click.option("--seed", type=int, default=0, show_default=True, help="Same seed, same answer.")
@json_option
@data_option
def forecast(
    key: str,
    workspace: str | None,
    items: int | None,
    by_date: datetime.datetime | None,
    pace: tuple[float, float] | None,
    seed: int,
    as_json: bool,
) -> None:
    """Forecast from the record of finished items, or from a range where there is none.

    Prints the answers at 50, 70, 85 and 95 %. The forecast is kept and checked later.
    """
    from tandem.planning.forecast_payload import forecast_payload
    from tandem.planning.models import ForecastQuestion
    from tandem.planning.operations import forecast_make

    if (items is None) == (by_date is None):
        raise click.UsageError("Give either --items N or --by DATE.")
    member = member_for(key, workspace)
    made = forecast_make(
        by=member,
        product=product_of(member, key),
        question=ForecastQuestion.WHEN if by_date is None else ForecastQuestion.HOW_MANY,
        items=items,
        by_date=by_date.date() if by_date is not None else None,
        range=pace,
        seed=seed,
    )
    answer(as_json, forecast_payload(made), lambda: _tell(made))


def _tell(made: "Forecast") -> None:
    asked, details = made.asked, made.details
    if made.question == "how_many":
        click.echo(f"How many items are done by {asked['by']}:")
    else:
        click.echo(f"When {asked['items']} more items are done, counted from {asked['today']}:")
    for share, value in made.percentiles.items():
        if made.question == "how_many":
            text = f"at least {value}"
        else:
            text = f"by {value}" if value else f"later than {details['beyond']}"
        click.echo(f"  {share} %  {text}")
    click.echo()
    for line in details["explanation"]:
        click.echo(click.wrap_text(line, width=100, initial_indent="- ", subsequent_indent="  "))
