# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The relay tasks of a project as the hosts of an inventory."""

from __future__ import annotations

DOCUMENTATION = r"""
name: pull_tasks
short_description: Relay tasks of Huawei Cloud Live as hosts
version_added: 2.0.0
author:
  - huaweicloud.live contributors (@huaweicloud-live)
description:
  - Makes a host of each relay task of a project, or of those that O(filters) let through. Nothing is logged in to. The
    connection is C(local), and a task of a play that runs on such a host is about its channel.
  - The variables of a host are the fields of its task, as M(huaweicloud.live.live_pull_task_info) returns them, C(air)
    among them, and C(ansible_connection). Templates can make groups and further variables of them.
  - What a task holds is data, whatever it looks like. No value of it is ever taken for a template. A field whose name
    is not that of a variable, or begins with C(ansible_), is left out.
  - A text that contains C({{), C({%) or C({#), or begins with C(#jinja2:), is marked as unsafe. C(ansible-inventory
    --export) writes it as a dictionary with the key C(__ansible_unsafe), and every other value plain. So other programs
    can read the export, such as AWX for its enabled variable.
  - It is configured by a file whose name ends with C(.huaweicloud_live.yml) or C(.huaweicloud_live.yaml). A key of the
    file that is not an option is an error.
  - If the tasks cannot be read to the last page, there is none of them in the inventory. Ansible warns of an inventory
    that it cannot read, and goes on. Set E(ANSIBLE_INVENTORY_ANY_UNPARSED_IS_FAILED) to make it an error.
options:
  plugin:
    description: The name of this plugin, by which Ansible knows that a file is for it.
    type: str
    required: true
    choices: [huaweicloud.live.pull_tasks]
  hostnames:
    description:
      - What a host is called. Each entry is V(destination), the name of a field without O(hostvars_prefix), or a
        template of the host's variables. An expression without braces is not a template.
      - V(destination) is the stream, the application and the domain, for example C(channel1.live.push.example.com). No
        two channels of any region or project have the same. It is empty for a task that is named by a
        C(destination_url), whose path is often a key.
      - Of these, a task gets the first that is not empty, and that no other task has. Where there is none it gets its
        id. There is a warning where several tasks have the same first name.
      - A name is replaced by the id of the task, with a warning, if it is not of letters, digits, C(.), C(_) and C(-);
        if it is the name of a group or C(localhost); or if another inventory file has made a host of that name which is
        not this task, because it has another C(task_id) or none.
      - A task that several files list is one host, called as in the first of them.
      - A file that Ansible reads later can still add to a host of this one. Short names, such as V(stream_name), can be
        those of servers, which would then get C(ansible_connection=local). With them, let Ansible read this file last.
    type: list
    elements: str
    default: [destination]
  hostvars_prefix:
    description:
      - What the names of the variables begin with. Letters, digits and C(_); not C(ansible_).
      - Variables of C(compose) do not get it.
    type: str
    default: ""
extends_documentation_fragment:
  - huaweicloud.live._filters.inventory
  - huaweicloud.live._pull_task.secrets
  - huaweicloud.live._pull_task.words
  - huaweicloud.live._connection.inventory
  - ansible.builtin.constructed
  - ansible.builtin.inventory_cache
notes:
  - With O(cache), the tasks are read from the cache, and C(air) is computed from them for the current time. The cache
    holds no credentials. Another endpoint, another project or other O(filters) have an entry of their own. A new token
    or key does not change the entry. Set O(project_id) so that a run which finds the tasks in the cache sends no
    request; otherwise IAM is asked for the id of the project.
  - If the cache cannot be opened, read or written, there is a warning, and the tasks are read from the service.
  - Environment variables of credentials are only used together, and not by themselves, as the variables of other
    plugins are.
  - The environment is that of Ansible itself. The keyword C(environment) and the C(module_defaults) of a play come too
    late for an inventory.
  - The options for where the service is and who asks may be templates, but for O(timeout) and O(retries), and so may
    each value of O(filters). They see what is given with C(--extra-vars), and lookups.
seealso:
  - module: huaweicloud.live.live_pull_task_info
  - module: huaweicloud.live.live_pull_task
"""

EXAMPLES = r"""
# live.huaweicloud_live.yml: a host for each channel that plays files, such as channel1.live.push.example.com. Who asks
# comes from the environment. Groups such as air_on_air, air_over and air_paused, and region_cn_north_4.
plugin: huaweicloud.live.pull_tasks
region: cn-north-4
filters:
  source_type: PullVodPushLive
keyed_groups:
  - key: air.state
    prefix: air
  - key: region
    prefix: region

# What is there? "ansible-inventory -i live.huaweicloud_live.yml --graph"

# A play on it, where each channel is a host that changes or fails by itself:
#
# - name: Channels whose window is over are taken off air
#   hosts: air_over
#   gather_facts: false
#   vars:
#     ansible_python_interpreter: "{{ ansible_playbook_python }}"
#   tasks:
#     - name: The channel is paused
#       huaweicloud.live.live_pull_task:
#         region: cn-north-4
#         task_id: "{{ task_id }}"
#         status: pause

# Short names, which are safe if all channels have one domain and no server is called like that. The credentials come
# from files; texts that "ansible-vault encrypt_string" made will do as well.
#
# plugin: huaweicloud.live.pull_tasks
# region: cn-north-4
# project_id: 70b76xxxxxx34253880af501cdxxxxxx
# access_key: "{{ lookup('ansible.builtin.file', '/run/secrets/access_key') }}"
# secret_key: "{{ lookup('ansible.builtin.file', '/run/secrets/secret_key') }}"
# hostnames:
#   - "{{ app_name }}-{{ stream_name }}"
#   - stream_name

# Groups and variables by any expression; an expression that fails is an error.
#
# plugin: huaweicloud.live.pull_tasks
# region: cn-north-4
# strict: true
# groups:
#   ends_today: (air.seconds_left or 86400) < 86400 and air.state == 'on_air'
#   endless: vod_loop_time | default('') == '-1'
# compose:
#   hours_left: (air.seconds_left or 0) / 3600
#   page: ("https://player.example.com/" ~ app_name ~ "/" ~ stream_name)

# A thousand channels that change seldom: the list is kept for ten minutes. "--flush-cache" reads it anew.
#
# plugin: huaweicloud.live.pull_tasks
# region: cn-north-4
# hostvars_prefix: live_
# cache: true
# cache_plugin: ansible.builtin.jsonfile
# cache_connection: ~/.cache/huaweicloud_live
# cache_timeout: 600

# An inventory source of AWX, sourced from a project, with the credential in its environment. A job template with
# job_slice_count: 4 deals the hosts out to four jobs; each runs the play above on its channels.
#
# plugin: huaweicloud.live.pull_tasks
# filters:
#   domain: push.example.com
# keyed_groups:
#   - key: app_name
#     prefix: app
"""

import hashlib
import json
import os
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from ansible import constants as C
from ansible.errors import AnsibleError, AnsibleOptionsError, AnsibleParserError
from ansible.inventory.data import InventoryData
from ansible.plugins.inventory import BaseInventoryPlugin, Cacheable, Constructable

from ..module_utils._clock import Clock
from ..module_utils._errors import InvalidOptionError, LiveError, shown
from ..module_utils._module import Run, perform
from ..module_utils._options import CONNECTION_OPTIONS, FILTER_OPTIONS, status_words
from ..module_utils._report import MOST_NAMED
from ..module_utils._service.connect import forget, project
from ..module_utils._task.air import with_air
from ..module_utils._task.fields import FIELDS
from ..module_utils._task.immutable import IMMUTABLE, Destination
from ..module_utils._task.task import PullTask
from ..modules.live_pull_task_info import ARGUMENTS, run
from ..plugin_utils._cache import TaskCache
from ..plugin_utils._direct import given, masked, plain, validated
from ..plugin_utils._hostnames import host_names
from ..plugin_utils._mistakes import mistakes
from ..plugin_utils._spoken import teller
from ..plugin_utils._unsafe import marked

_VARIABLE = re.compile("[A-Za-z_][A-Za-z0-9_]*")


class InventoryModule(BaseInventoryPlugin, Constructable, Cacheable):
    """A host for each relay task."""

    NAME = "huaweicloud.live.pull_tasks"

    _keeps = False
    _kept: TaskCache | None = None

    def verify_file(self, path: str) -> bool:
        """Return whether the file is for this plugin."""
        ours = path.endswith((".huaweicloud_live.yml", ".huaweicloud_live.yaml"))
        return ours and bool(super().verify_file(path))

    def parse(self, inventory: InventoryData, loader: Any, path: str, cache: bool = True) -> None:
        """Add the hosts of a file to the inventory; see `BaseInventoryPlugin.parse`."""
        super().parse(inventory, loader, path, cache)
        try:
            options = self._read(path)
            self._add(self._tasks(path, options, cache), path)
        except (AnsibleError, LiveError) as error:
            raise AnsibleParserError(f"{path}: {error}") from None
        except Exception as error:
            raise AnsibleParserError(f"{path}: {type(error).__name__}: {error}") from error
        finally:
            # Processes that Ansible starts from this one must not use its connection all at once.
            forget()

    def set_options(self, *args: Any, **kwargs: Any) -> None:
        """Set the options; see `AnsiblePlugin.set_options`.

        `_read_config_data` would make the cache, and fail if it cannot: the option is hidden from it.
        """
        super().set_options(*args, **kwargs)
        self._keeps = bool(self.get_option("cache"))
        self.set_option("cache", False)

    # The file

    def _read(self, path: str) -> dict[str, Any]:
        """Return what the file says, as the info module takes it.

        Ansible looks for each option by itself, in the file and the environment. That could be the key of one account
        with the secret of another, so that only the file is looked at here, and what is missing is left to `connect`.
        """
        config = self._read_config_data(path)
        _refuse_unknown("", config, self.option_definitions)
        filters = config.get("filters") or {}
        if not isinstance(filters, Mapping):
            raise InvalidOptionError(f"filters: {shown(filters)} is not allowed. Allowed: a dictionary.")
        _refuse_unknown("filters.", filters, FILTER_OPTIONS)
        prefix = self.get_option("hostvars_prefix") or ""
        if (prefix and not _VARIABLE.fullmatch(prefix)) or prefix.startswith("ansible_"):
            allowed = "letters, digits and _, with no digit first; not ansible_"
            raise InvalidOptionError(f"hostvars_prefix: {shown(prefix)} is not allowed. Allowed: {allowed}.")
        self.templar.available_variables = self._vars or {}
        arguments = {**{name: config[name] for name in ARGUMENTS if name in config}, **filters}
        said = given({name: self._templated(value) for name, value in arguments.items()}, None)
        wrong = mistakes(said, ARGUMENTS)
        if wrong:
            raise InvalidOptionError(*wrong)
        options, refusal = validated(ARGUMENTS, plain(said), os.environ, self.NAME)
        if refusal:
            raise InvalidOptionError(refusal)
        return options

    def _templated(self, value: Any) -> Any:
        is_template = isinstance(value, str) and self.templar.is_template(value)
        return self.templar.template(value) if is_template else value

    # The tasks

    def _tasks(self, path: str, options: Mapping[str, Any], cache: bool) -> list[dict[str, Any]]:
        """Return the tasks, from the cache if the file wants that and the cache has them."""
        if not self._keeps:
            return self._ask(options)
        key = f"{self.get_cache_key(path)}_{self._fingerprint(options)}"
        self._kept = TaskCache(self._open_cache, lambda text: self.display.warning(f"{path}: {text}"))
        kept = self._kept.get(key) if cache else None
        if kept is not None:
            return _with_air(kept, options)
        tasks = self._ask(options)
        self._kept.put(key, [{name: task[name] for name in task if name != "air"} for task in tasks])
        return tasks

    def _open_cache(self) -> Any:
        try:
            self.load_cache_plugin()
        except AnsibleError as error:
            # Before ansible-core 2.19, only the text says that an option is missing.
            if not isinstance(error, AnsibleOptionsError) and "required configuration" not in str(error):
                raise
            # Not trouble of the machine, but a mistake in the file.
            options = ", ".join(name for name in self.option_definitions if name.startswith("cache_"))
            plugin = shown(self.get_option("cache_plugin"))
            raise InvalidOptionError(
                f"cache: the cache plugin {plugin} needs other options: {str(error).strip().rstrip('.')}. Allowed: what"
                f" it needs, of {options}."
            ) from None
        return self.cache

    def update_cache_if_changed(self) -> None:
        """Write the cache; Ansible calls this after `parse`."""
        if self._kept:
            self._kept.save()

    def _fingerprint(self, options: Mapping[str, Any]) -> str:
        """Return what differs where other tasks could be listed: the endpoint, the project, and what is asked for.

        Credentials are no part of it: a token is another one every day.
        """
        found = self._performed(lambda *how: {"project": project(how[0], how[1], how[3])}, options)
        asked = {name: value for name, value in options.items() if name not in CONNECTION_OPTIONS and value is not None}
        text = json.dumps([found["project"], asked], sort_keys=True)
        return hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()[:12]

    def _ask(self, options: Mapping[str, Any]) -> list[dict[str, Any]]:
        results = self._performed(run, options)
        for warning in results.get("warnings", ()):
            self.display.warning(f"pull_tasks: {warning}")
        return list(masked(results, ARGUMENTS, options)["live_pull_tasks"])

    def _performed(self, what: Run, options: Mapping[str, Any]) -> dict[str, Any]:
        results = perform(what, options, os.environ, True, teller(self.display, "pull_tasks"), reads=True)
        if results.get("failed"):
            raise AnsibleParserError(results["msg"])
        return results

    # The hosts

    def _add(self, tasks: Sequence[Mapping[str, Any]], path: str) -> None:
        """Add a host for each task, all or none."""
        variables = self._variables(tasks)
        wishes = [*zip(*(self._wishes(entry, tasks, variables) for entry in self.get_option("hostnames") or []))]
        wishes = wishes or [()] * len(tasks)
        ids = [str(task.get("task_id") or "") for task in tasks]
        taken = {*self.inventory.groups, *C.LOCALHOST}
        others = {name: host.vars for name, host in self.inventory.hosts.items()}
        while True:
            found = host_names(wishes, ids, taken, others)
            built = self._built(found.names, variables)
            _refuse_groups(built.groups, others)
            if taken.issuperset(built.groups):
                break
            # Only when all are built it is known what groups there are.
            taken.update(built.groups)
            if taken.isdisjoint(found.names):
                break
        self._move(built, variables)
        if found.doubles:
            self.display.warning(
                f"{path}: several tasks have the same name, and are called by the next one in hostnames, or their id:"
                f" {_named(found.doubles)}"
            )
        if found.bad:
            self.display.warning(
                f"{path}: tasks are called by their id, because a host can only be called by letters, digits, '.', '_'"
                f" and '-', and not like a group, a host that is not this task, or this machine: {_named(found.bad)}"
            )

    def _variables(self, tasks: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
        """Return the variables of each task's host."""
        prefix = self.get_option("hostvars_prefix") or ""
        names = {field: prefix + field for task in tasks for field in task}
        good = {
            field: name
            for field, name in names.items()
            if _VARIABLE.fullmatch(name) and not name.startswith("ansible_")
        }
        return [
            {**{good[field]: marked(task[field]) for field in task if field in good}, "ansible_connection": "local"}
            for task in tasks
        ]

    def _wishes(
        self, entry: str, tasks: Sequence[Mapping[str, Any]], variables: Sequence[Mapping[str, Any]]
    ) -> list[str]:
        """Return what the hosts would be called by one entry of `hostnames`."""
        if entry == "destination":
            return [*map(_destination, tasks)]
        if not self.templar.is_template(entry):
            known = {"destination", "task_id", *FIELDS, *IMMUTABLE}
            if entry not in known and tasks and not any(entry in task for task in tasks):
                known.update(*tasks)
                raise InvalidOptionError(
                    f"hostnames: {shown(entry)} is no field of a task. Allowed: {', '.join(sorted(known))}, or a"
                    " template, with braces."
                )
            return [_word(task.get(entry)) for task in tasks]
        return [self._evaluated(entry, own) for own in variables]

    def _evaluated(self, template: str, variables: Mapping[str, Any]) -> str:
        self.templar.available_variables = variables
        try:
            return _word(plain(self.templar.template(template)))
        except AnsibleError as error:
            if self.get_option("strict"):
                raise AnsibleParserError(f"hostnames: {shown(str(template))}: {error}") from None
            return ""

    def _built(self, names: Sequence[str], variables: Sequence[Mapping[str, Any]]) -> InventoryData:
        """Return an inventory of its own with the hosts, and the groups and variables that are made of them."""
        before, built = self.inventory, InventoryData()
        built.current_source = before.current_source
        compose, groups, keys, strict = map(self.get_option, ("compose", "groups", "keyed_groups", "strict"))
        self.inventory = built
        try:
            for name, own in zip(names, variables):
                built.add_host(name)
                host = built.hosts[name]
                if name in before.hosts:
                    # What other sources have said of it counts for templates.
                    host.vars.update(before.hosts[name].vars)
                    for group in before.hosts[name].get_groups():
                        built.add_child(built.add_group(group.name), name)
                host.vars.update(own)
                self._set_composite_vars(compose, host.get_vars(), name, strict=strict)
                self._add_host_to_composed_groups(groups, {}, name, strict=strict)
                self._add_host_to_keyed_groups(keys, {}, name, strict=strict)
        finally:
            self.inventory = before
        return built

    def _move(self, built: InventoryData, variables: Sequence[Mapping[str, Any]]) -> None:
        """Add to the inventory what was built."""
        composed = self.get_option("compose") or {}
        for (name, host), own in zip(built.hosts.items(), variables):
            self.inventory.add_host(name)
            for variable in {**own, **composed}:
                if variable in host.vars:
                    self.inventory.set_variable(name, variable, marked(host.vars[variable]))
        for group in built.groups:
            self.inventory.add_group(group)
        for group in built.groups.values():
            for child in (*group.child_groups, *group.hosts):
                self.inventory.add_child(group.name, child.name)


def _refuse_unknown(place: str, given_keys: Iterable[Any], allowed: Iterable[str]) -> None:
    unknown = [key for key in given_keys if key not in allowed]
    if unknown:
        keys = ", ".join(f"{place}{key}" for key in unknown)
        raise InvalidOptionError(f"{keys}: not known. Allowed: {', '.join(sorted(allowed))}.")


def _refuse_groups(groups: Iterable[str], hosts: Collection[str]) -> None:
    # A play for such a host would run on the tasks of the group.
    taken = [group for group in groups if group in hosts]
    if taken:
        raise InvalidOptionError(
            f"groups, keyed_groups: other inventory files have hosts that are called like the groups {_named(taken)}."
            " Allowed: names that no host has. Give keyed_groups a prefix."
        )


def _with_air(tasks: Iterable[Mapping[str, Any]], options: Mapping[str, Any]) -> list[dict[str, Any]]:
    words, now = status_words(options), Clock().now()
    return [with_air(PullTask.from_answer(task, words), now) for task in tasks]


def _destination(task: Mapping[str, Any]) -> str:
    """Return the stream, the application and the domain of a task; nothing if a URL is its destination."""
    found = next(iter(Destination.forms(task)), Destination())
    return ".".join(reversed(found[:3])) if all(found[:3]) else ""


def _word(value: Any) -> str:
    return "" if value in (None, "", [], {}) else str(value)


def _named(names: Sequence[str]) -> str:
    more = f", and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
    return f"{', '.join(map(shown, names[:MOST_NAMED]))}{more}"
