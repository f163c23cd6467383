"""What MkDocs calls while it builds the documentation site.

The site wears the product's own colours, sizes and mark, taken from it when the pages are written.
What a page names of the repository outside ``docs/`` is named there and not linked.
"""

import re
import shutil
from pathlib import Path
from typing import Any

UI = Path(__file__).resolve().parent.parent / "src" / "tandem" / "ui" / "static" / "ui"
TAKEN = ("css/tokens.css", "img/favicon.svg")
OUTSIDE = re.compile(r"\[([^\]]+)\]\((?:\.\./)+(?:deploy|src|tests|[A-Z]+\.md)[^)]*\)")


def on_page_markdown(markdown: str, **_: Any) -> str:
    """A page's text without links that lead out of the site."""
    return OUTSIDE.sub(r"\1", markdown)


def on_post_build(config: Any) -> None:
    """The product's look beside the written pages."""
    for name in TAKEN:
        target = Path(config["site_dir"]) / "ui" / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(UI / name, target)
