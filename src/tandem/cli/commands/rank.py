"""``tandem rank``: a product's open items in the order a scoring model puts them."""

from typing import Any

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


@click.command()
@product_option
@click.option(
    "--model",
    default=None,
    metavar="NAME",
    help="A scoring model's name, or a preset: value_effort, rice, ice, wsjf, cd3, weighted, "
    "opportunity, moscow (default: the model that plans use).",
)
@click.option(
    "--formula",
    default=None,
    metavar="TEXT",
    help='Try a formula over the model\'s criteria, such as "reach * impact / effort".',
)
@click.option(
    "--as-of",
    default=None,
    metavar="DATE",
    help="The order at the end of a past day (YYYY-MM-DD), from the inputs in force then.",
)
@workspace_option
@json_option
@data_option
def rank(
    key: str,
    model: str | None,
    formula: str | None,
    as_of: str | None,
    workspace: str | None,
    as_json: bool,
) -> None:
    """Rank the open items under both lenses, with intervals. Changes nothing.

    A formula that cannot be read is refused with a caret below the character.

    \b
    --json prints an array, best first. Each item:
      key, rank                   items with equal scores share a rank
      score, low, high            the model's score, its P10 and P90
      value_lens, technical_lens  0 to 100, with …_low and …_high
      gap, disagreement           value minus technical; how much of it is sure
      rank_low, rank_high, p_top  the rank's P10-P90, and P(among the first 10)
      guesses, guess_share        criteria nobody answered, their part of the uncertainty
    """
    from tandem.accounts.permissions import require
    from tandem.prioritisation.calculations import model_in_force, table_for, table_now
    from tandem.prioritisation.calculations_history import table_then
    from tandem.prioritisation.calculations_models import with_formula
    from tandem.prioritisation.payload import score_payload
    from tandem.prioritisation.views.history import then_asked

    member = member_for(key, workspace)
    require(member, "score.view")
    product = product_of(member, key)
    if as_of is not None and formula is not None:
        raise click.UsageError("A formula is tried on today's inputs: leave --as-of out.")
    chosen = model_in_force(product, model)
    if as_of is not None:
        past = then_asked(product, as_of, model)
        chosen, table = past.model, table_then(past)
    elif formula is None:
        table = table_for(product, chosen)
    else:
        chosen = with_formula(chosen, formula)
        table = table_now(product, chosen)
    rows = table.rows(range(len(table)))
    payload = [score_payload(product.key, row) for row in rows]

    def text() -> None:
        day = f" as of {as_of}" if as_of else ""
        click.echo(f"{product.name}{day}, ranked by {chosen.name} ({chosen.unit}).")
        click.echo(table.meta["guesses"]["sentence"])
        if payload:
            click.echo()
            for line in _lines(payload):
                click.echo(line)

    answer(as_json, payload, text)


def _lines(payload: list[dict[str, Any]]) -> list[str]:
    """A table as people read it: honest digits, a lens nobody rated as a dash."""
    from tandem.prioritisation.figures import honest, percent

    head = (
        "rank",
        "likely",
        "top 10",
        "key",
        "score",
        "P10",
        "P90",
        "value",
        "technical",
        "guessed",
    )
    body = []
    for each in payload:
        score, low, high = honest(each["score"], each["low"], each["high"])
        body.append(
            (
                str(each["rank"]),
                f"{each['rank_low']}-{each['rank_high']}",
                percent(each["p_top"]),
                each["key"],
                score,
                low,
                high,
                f"{each['value_lens']:.0f}" if each["value_heard"] else "-",
                f"{each['technical_lens']:.0f}" if each["technical_heard"] else "-",
                ", ".join(each["guesses"]) or "-",
            )
        )
    widths = [max(len(row[place]) for row in [head, *body]) for place in range(len(head) - 1)]
    left = {3}
    return [
        "  ".join(
            [
                *(
                    cell.ljust(width) if place in left else cell.rjust(width)
                    for place, (cell, width) in enumerate(zip(row[:-1], widths, strict=True))
                ),
                row[-1],
            ]
        )
        for row in [head, *body]
    ]
