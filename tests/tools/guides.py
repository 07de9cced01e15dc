# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Check that GitHub can show the guides: python -m tests.tools.guides PAGE.rst..., as `make lint` runs it.

GitHub renders them with docutils: without Sphinx's roles and directives, without raw HTML, and without files that are
included. A link to another guide or a picture has to lead to what is there.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

from docutils import nodes
from docutils.core import publish_doctree

_SETTINGS = {"raw_enabled": False, "file_insertion_enabled": False, "report_level": 5, "syntax_highlight": "none"}
_WARNING = 2


def anchors(tree: nodes.document) -> set[str]:
    """Return where links into a page may lead: its sections, by their headings."""
    return {
        re.sub(r"[^a-z0-9]+", "-", section[0].astext().lower()).strip("-") for section in tree.findall(nodes.section)
    }


def problems(page: Path, trees: dict[Path, nodes.document]) -> Iterator[str]:
    """Tell what GitHub would not show as it is meant."""
    tree = trees[page]
    for message in (*tree.findall(nodes.system_message), *tree.transform_messages):
        if message["level"] >= _WARNING:
            yield f"{page}:{message.get('line', '')}: {message.astext()}"
    targets = [link["refuri"] for link in tree.findall(nodes.reference) if "refuri" in link]
    targets += [image["uri"] for image in tree.findall(nodes.image)]
    for target in targets:
        if re.match(r"[a-z]+:", target):
            continue
        name, _hash, anchor = target.partition("#")
        file = (page.parent / name).resolve()
        if not file.is_file():
            yield f"{page}: nothing is at {target}"
        elif anchor and anchor not in anchors(trees[file]):
            yield f"{page}: {name} has no section {anchor}"


def main() -> int:
    """Check the pages that the command line names, and return the exit code."""
    pages = [Path(name).resolve() for name in sys.argv[1:]]
    trees = {page: publish_doctree(page.read_text(encoding="utf-8"), settings_overrides=_SETTINGS) for page in pages}
    found = [problem for page in pages for problem in problems(page, trees)]
    print("\n".join(found) or f"GitHub can show {len(pages)} pages")
    return bool(found)


if __name__ == "__main__":
    sys.exit(main())
