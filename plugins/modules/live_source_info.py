#!/usr/bin/python

# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: live_source_info
short_description: Check the files of a playlist before they go on air
version_added: 2.0.0
author:
  - huaweicloud.live contributors (@huaweicloud-live)
description:
  - Reads the first 4 KiB of each file. Reports whether the file exists, what it is, and whether playing can start in
    the middle of it.
  - The module needs no account and no credentials, and sends none to the servers of the files.
  - The module reads the files from the machine where it runs, usually C(localhost). The service pulls them from its own
    network, and can possibly reach other servers. To check from another machine, delegate the task.
extends_documentation_fragment:
  - huaweicloud.live._attributes
  - huaweicloud.live._attributes.info
  - huaweicloud.live._connection.certificates
attributes:
  action_group:
    support: none
    details: The module has no options for a connection to the service. Set its defaults separately.
    membership: []
options:
  source_urls:
    description:
      - The URLs of the files, as in O(huaweicloud.live.live_pull_task#module:source_urls), in any number.
      - Each different URL is read once, with a C(GET) request that has a C(Range). If the server does not support
        ranges, the connection is closed after the first bytes. If the server refuses the range (HTTP status 416), the
        request is repeated without it. Each redirect takes one more request.
      - URLs other than C(http) and C(https), such as C(rtmp), are not checked. A host that only this machine can
        reach, such as C(localhost), is allowed.
      - A user and a password in a URL (C(https://user:password@host/)) are sent to that server as HTTP Basic
        authentication. After a redirect they are sent only if scheme, host and port are still the same.
    type: list
    elements: str
    required: true
  timeout:
    description:
      - The maximum time for a file in seconds, from the lookup of its name to the last byte that is read, redirects
        included.
    type: float
    default: 15
  concurrency:
    description: How many files are read at a time, 1 to 16.
    type: int
    default: 4
notes:
  - Up to ten redirects are followed, because players follow them. Cookies and C(.netrc) are not used. The environment
    variables E(HTTP_PROXY), E(HTTPS_PROXY) and E(NO_PROXY) set a proxy.
  - Passwords and signatures in URLs are masked in the results, also in C(invocation) and in the system log of the
    machine. A key in the path of a URL is not recognized.
requirements:
  - "The Python library requests, for the Python that runs the module"
seealso:
  - module: huaweicloud.live.live_pull_task
"""

EXAMPLES = r"""
- name: Check the files of tomorrow
  huaweicloud.live.live_source_info:
    source_urls:
      - https://media.example.com/morning.mp4
      - https://media.example.com/evening.mp4
  register: files

- name: Stop if one of them cannot go on air
  ansible.builtin.assert:
    that: files.problems == []
    fail_msg: "{{ files.problems | map(attribute='text') | join('\n') }}"

- name: Check them from a machine next to the files, whose certificates are from the authority of the company
  huaweicloud.live.live_source_info:
    source_urls: "{{ playlist }}"
    ca_path: /etc/ssl/company.pem
    timeout: 5
  delegate_to: media1.example.com
  register: files

- name: Name the files that cannot start in the middle
  ansible.builtin.debug:
    msg: "{{ files.sources | selectattr('seekable', 'false') | map(attribute='url') | list }}"
"""

RETURN = r"""
sources:
  description: The result of each URL, in the order of O(source_urls).
  returned: success
  type: list
  elements: dict
  contains:
    url:
      description: The URL, with passwords and signatures masked.
      returned: always
      type: str
      sample: https://media.example.com/morning.mp4?auth_key=********
    reachable:
      description: Whether the first bytes could be read. V(null) if the URL is not C(http) or C(https).
      returned: always
      type: bool
      sample: true
    http_status:
      description: The HTTP status of the last response. V(null) if there was none.
      returned: always
      type: int
      sample: 206
    final_url:
      description: The URL that redirects led to, masked. V(null) without a redirect.
      returned: always
      type: str
      sample: https://cdn.example.com/morning.mp4
    error:
      description: Why the first bytes could not be read. V(null) if they could.
      returned: always
      type: str
      sample: "the server answers HTTP 404 (Not Found): the file does not exist"
    content_type:
      description: The C(Content-Type) of the response. V(null) if it has none.
      returned: always
      type: str
      sample: video/mp4
    size:
      description: The size of the file in bytes. V(null) if the server does not send it.
      returned: always
      type: int
      sample: 734003200
    seekable:
      description:
        - Whether the server can send a part of the file. To start in the middle of a file, it has to.
        - V(null) if the first bytes could not be read.
      returned: always
      type: bool
      sample: true
    kind:
      description:
        - What the file is, by its first bytes.
        - V(mp4) (also QuickTime), V(flv), V(ts) (MPEG transport stream, also M2TS), V(mkv) (also WebM), V(hls) (begins
          with C(#EXTM3U)), V(mp3), V(html), V(xml), V(text), V(empty), or V(unknown).
        - V(null) if the first bytes could not be read.
      returned: always
      type: str
      sample: mp4
problems:
  description:
    - The problems of the files, in the order of O(source_urls). Each different URL has at most one. The list is empty
      if no file has a problem.
    - Files of the kinds V(hls) and V(unknown), and URLs that are not C(http) or C(https), are not reported.
  returned: success
  type: list
  elements: dict
  contains:
    kind:
      description:
        - V(unreachable) - the first bytes could not be read.
        - V(empty) - the file has 0 bytes.
        - V(web_page) - the file is a web page, such as an error page or a login page.
        - V(not_media) - the file is another text, or XML.
      returned: always
      type: str
      sample: unreachable
    entries:
      description: The entries of O(source_urls) with this URL, counted from 0.
      returned: always
      type: list
      elements: int
      sample: [1]
    text:
      description: The problem in a sentence, with the URL, masked.
      returned: always
      type: str
      sample: >-
        'https://media.example.com/evening.mp4' cannot be read: the server answers HTTP 404 (Not Found): the file does
        not exist.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from ..module_utils._clock import Reporter
from ..module_utils._errors import collected, raise_problems, refused, refused_mask
from ..module_utils._masking import holds_mask
from ..module_utils._module import main
from ..module_utils._options import SOURCE_OPTIONS, number
from ..module_utils._proxy import authorities
from ..module_utils._source.fetch import FetchOptions, fetch
from ..module_utils._source.problems import problems_of
from ..module_utils._task.urls import url_problems

ARGUMENTS = SOURCE_OPTIONS


def run(options: Mapping[str, Any], environ: Mapping[str, str], check_mode: bool, tell: Reporter) -> dict[str, Any]:
    """Check the files; see `_module.Run`."""
    urls = options["source_urls"]
    found = fetch(urls, _fetch_options(options, environ))
    sources = [found[url].result(url) for url in urls]
    return {"changed": False, "sources": sources, "problems": problems_of(urls, found)}


def _fetch_options(options: Mapping[str, Any], environ: Mapping[str, str]) -> FetchOptions:
    """Return how the files are read.

    Raises:
        InvalidOptionError: an option is not allowed. The error names each of them.
    """
    broken = [*_url_problems(options["source_urls"])]
    numbers: dict[str, float] = {}
    for name in ("timeout", "concurrency"):
        with collected(broken):
            numbers[name] = number(options, name)
    verify: bool | str = False
    with collected(broken):
        verify = options["validate_certs"] and authorities(options["ca_path"], environ)
    raise_problems(broken)
    return FetchOptions(numbers["timeout"], int(numbers["concurrency"]), verify, environ)


def _url_problems(urls: list[str]) -> Iterator[str]:
    """Yield the sentences about URLs that are not allowed."""
    allowed = "1 or more URLs, each scheme://host..."
    if not urls:
        yield refused("source_urls", urls, allowed, "0 entries are not allowed")
    elif holds_mask(urls):
        yield refused_mask("source_urls")
    for reason in url_problems(urls, anywhere=True):
        yield refused("source_urls", reason, allowed, reason)


if __name__ == "__main__":
    main(ARGUMENTS, run, reads=True)
