"""Draw the pictures of ``gallery.md`` by the calls that stand in it: ``python docs/gallery.py DEMO_FOLDER``."""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import nbformat
from pictures import PICTURES, draw, opened

from itpm_trends.showing.page import asset, page, plotly_bundle, save
from itpm_trends.showing.report import PLOTLY, Chapter
from itpm_trends.workspace import VARIABLE

GALLERY = Path(__file__).with_name("gallery.md")
PICTURE = re.compile(r"pictures/gallery/(\w+)\.png")
CODE = re.compile(r"```python\n(.*?)```", re.DOTALL)


def main(demo: Path) -> None:
    """Write ``pictures/gallery/*.png``, each figure as the report shows it, of the market in ``demo``."""
    os.environ[VARIABLE] = str(demo)
    figures = dict(gallery_figures(GALLERY.read_text(encoding="utf-8")))
    outputs = [nbformat.v4.new_output("display_data", {PLOTLY: json.loads(f.to_json())}) for f in figures.values()]
    chapter = Chapter(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("gallery", outputs=outputs)]), 1)
    text = page(
        title="Gallery",
        css=asset("assets/report.css") + "details { display: none }",
        body=f"<main>{chapter.html}</main>",
        scripts=[plotly_bundle(), asset("assets/report.js")],
        values={"figures": chapter.figures},
    )
    whole = save(text, demo / "reports" / "gallery.html")
    with opened(800, 900) as sheet:
        sheet.goto(whole.resolve().as_uri())
        for place, name in enumerate(figures):
            draw(sheet.locator("figure").nth(place), f"gallery/{name}")
    whole.unlink()
    for picture in (PICTURES / "gallery").glob("*.png"):
        if picture.stem not in figures:
            picture.unlink()


def gallery_figures(text: str) -> Iterator[tuple]:
    """Yield the name of each picture in ``text`` with the figure that the call below it draws."""
    start, *sections = re.split(r"(?m)^## ", text)
    names: dict = {}
    exec(CODE.search(start)[1], names)
    for section in sections:
        if picture := PICTURE.search(section):
            yield picture[1], eval(CODE.search(section)[1], names)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
