# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Find out how the real service behaves where its documentation is silent: ``python -m tests.acceptance --help``.

One temporary task at a time, two days ahead, paused, with a source that cannot play.

``command`` is the command line, and the order of a run. ``reads``, ``forms``, ``modifies``, ``creates``, ``on_air`` and
``life`` ask, one question in a function. ``probe`` is a run: its task, what is known so far, and the cleaning.
``service`` sends one request, ``gate`` lets it pass: the pace, the budget, and no write to a task of others.
``listed`` reads listed values.
"""
