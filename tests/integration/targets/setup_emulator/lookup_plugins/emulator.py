# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Read from the emulator in a millisecond. ansible.builtin.url reads the certificates of the machine each time."""

from __future__ import annotations

import json
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlsplit

from ansible.plugins.lookup import LookupBase


class LookupModule(LookupBase):
    """Read JSON from URLs of the emulator."""

    def run(self, terms: list[str], variables: Any = None, **options: Any) -> list[Any]:
        """Return the answer of each URL."""
        answers = []
        for url in terms:
            address = urlsplit(url)
            connection = HTTPConnection(address.netloc)
            connection.request("GET", address.path)
            answers.append(json.load(connection.getresponse()))
            connection.close()
        return answers
