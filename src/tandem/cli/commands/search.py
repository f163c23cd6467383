"""``tandem search``: everything that fits some words."""

import click

from tandem.cli.base import answer, data_option, json_option, member_for, operator, workspace_option


@click.command()
@click.argument("words", nargs=-1, required=True)
@click.option("--product", "key", default="", metavar="KEY", help="Only in this product.")
@click.option(
    "--kind", "kinds", multiple=True, metavar="KIND", help="Only this kind, such as item."
)
@click.option("--exact", is_flag=True, help="Without words that only resemble those typed.")
@click.option("--limit", default=20, show_default=True, type=click.IntRange(1, 100))
@workspace_option
@json_option
@data_option
def search(
    words: tuple[str, ...],
    key: str,
    kinds: tuple[str, ...],
    exact: bool,
    limit: int,
    workspace: str | None,
    as_json: bool,
) -> None:
    """Search titles, descriptions, comments, questions, people and the rest.

    Several words must all be there; '"a phrase"' as it stands; -word (after --) leaves out.

    \b
    --json prints one object:
      items   kind, id, title, key, product, hint, excerpt, address; best first
      facets  how many of each kind fit (counted up to 100, then "more")
      meant   a word nobody wrote -> the word in use that was looked for beside it
    """
    from tandem.accounts.models import Product
    from tandem.home.api_search import told
    from tandem.home.search.finding import asked, find

    member = member_for(key, workspace) if key else operator(workspace)
    products = list(Product.objects.visible_to(member).order_by("name"))
    wanted = asked(member, products, q=" ".join(words), kinds=kinds, product=key, exact=exact)
    found = find(member, wanted, products, limit=limit)

    def text() -> None:
        for word, meant in found.meant.items():
            click.echo(f"Nobody wrote “{word}”: these have “{meant}” or what resembles it.")
        for hit in found.hits:
            name = f"{hit.shown.key} {hit.shown.title}".strip()
            click.echo(
                f"{hit.kind.one:<15} {name}  ({hit.shown.hint})"
                if hit.shown.hint
                else f"{hit.kind.one:<15} {name}"
            )
            if hit.excerpt_text:
                click.echo(f"{'':<15} {hit.excerpt_text[:100]}")
        if not found.hits:
            click.echo("Nothing fits.")
        counts = ", ".join(f"{each.words} {each.kind.many.lower()}" for each in found.facets)
        if counts:
            click.echo(counts)

    answer(as_json, told(found), text)
