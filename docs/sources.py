"""Print docs/sources.md from the declarations of the sources: ``make sources``."""

from __future__ import annotations

from pathlib import Path

from itpm_trends.collecting.keys import variable_of
from itpm_trends.collecting.sources import SOURCES, TIERS, refused

HEAD = """# Where postings come from

Printed from the sources' own declarations (`make sources`). `itpm-trends sources show NAME` says the same of one, and
whether it is on for you. A source counts as *seen live* only once a user has run it; all parsers are tested on payloads
in the shape that the services send.

"""


def page() -> str:
    """The page as Markdown."""
    parts = [HEAD]
    for tier, meaning in TIERS.items():
        parts.append(f"## {tier.capitalize()}: {meaning}\n\n")
        if tier == "refused":
            parts.append("| source | why |\n|---|---|\n")
            parts += [f"| [{each.label}]({each.home_page}) | {each.reason} |\n" for each in refused().values()]
            continue
        parts.append("| source | covers | licence and credit | asked | shows | needs |\n|---|---|---|---|---|---|\n")
        for name, source in SOURCES.items():
            declared = source.declaration
            if declared.tier != tier:
                continue
            keys = ", ".join(f"`{variable_of(name, key)}`" for key in declared.keys)
            history = "; open history" if source.backfill else ""
            parts.append(
                f"| `{name}`<br>[{declared.label}]({declared.home_page}) | {declared.covers} | "
                f"[{declared.licence}]({declared.terms_url}). *{declared.attribution}* | {declared.quota} | "
                f"{declared.shows}{history} | {' '.join(filter(None, (keys, declared.warning))) or 'nothing'} |\n"
            )
        parts.append("\n")
    return "".join(parts)


if __name__ == "__main__":
    path = Path(__file__).with_name("sources.md")
    path.write_text(page(), encoding="utf-8")
    print(path)
