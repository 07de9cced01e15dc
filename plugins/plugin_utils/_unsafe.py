# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which values of the service are marked as unsafe in an inventory. Private to this collection."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ansible.utils.unsafe_proxy import wrap_var

try:
    from ansible.template import trust_as_template
except ImportError:  # before ansible-core 2.19, a text without a mark is a template

    def trust_as_template(value: str) -> str:
        """Return the text as it is."""
        return value


# A text that begins with #jinja2: chooses delimiters of its own.
_TEMPLATE = re.compile(r"\A#jinja2:|\{[{%#]")


def marked(value: Any) -> Any:
    """Return a copy of a value in which no text is evaluated as a template.

    Only a text that could be a template is marked as unsafe. `ansible-inventory --export` writes any other text plain,
    so that programs which read the export, such as AWX, find a text and not a dictionary.
    """
    if isinstance(value, Mapping):
        return {wrap_var(name) if isinstance(name, str) else name: marked(item) for name, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [marked(item) for item in value]
    if isinstance(value, str):
        return wrap_var(value) if _TEMPLATE.search(value) else trust_as_template(value)
    return value
