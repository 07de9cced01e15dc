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
  - Adds a host for each relay task of a project that matches O(filters). The connection of the hosts is C(local), so a
    task of a play runs on the controller, once for each channel.
  - The variables of a host are the fields of its task, as M(huaweicloud.live.live_pull_task_info) returns them,
    including C(air). Templates can create groups and other variables from them.
  - Values of a task are data, and are never evaluated as templates. A field is left out if its name is not a valid
    variable name or begins with C(ansible_).
  - A text that contains C({{), C({%) or C({#), or begins with C(#jinja2:), is marked as unsafe. C(ansible-inventory
    --export) writes it as a dictionary with the key C(__ansible_unsafe). All other values are exported plain, so that
    other programs can read them, such as AWX for its enabled variable.
  - The name of the configuration file must end with C(.huaweicloud_live.yml) or C(.huaweicloud_live.yaml). An unknown
    key in the file is an error.
  - If not all tasks can be read, no hosts are added. Ansible then displays a warning and continues. To make it an
    error, set E(ANSIBLE_INVENTORY_ANY_UNPARSED_IS_FAILED).
options:
  plugin:
    description: The name of this plugin.
    type: str
    required: true
    choices: [huaweicloud.live.pull_tasks]
  hostnames:
    description:
      - The names for a host, in order of preference. Each entry is V(destination), the name of a field without
        O(hostvars_prefix), or a template with the variables of the host. A template must have braces.
      - V(destination) is the stream, the application and the domain, for example C(channel1.live.push.example.com). It
        is unique across regions and projects. It is empty for a task with a C(destination_url), because the path of a
        URL is often a key.
      - The host gets the first name that is not empty and that no other task has, or else the id of the task. If
        several tasks have the same first name, there is a warning.
      - Some names are not allowed. Then the host gets the id of the task, with a warning. A name may contain only
        letters, digits, C(.), C(_) and C(-). It must not be C(localhost) or the name of a group. If another inventory
        file has a host of that name, the host must have the same C(task_id).
      - A task that several files list is one host, with the name that it gets in the first file.
      - A file that Ansible reads later can add variables to the hosts of this file. Short names, such as
        V(stream_name), can be the names of servers, which would then get C(ansible_connection=local). If you use short
        names, let Ansible read this file last.
    type: list
    elements: str
    default: [destination]
  hostvars_prefix:
    description:
      - The prefix of the names of variables. Letters, digits and C(_), but not C(ansible_). The variables of C(compose)
        do not get the prefix.
    type: str
    default: ""
extends_documentation_fragment:
  - huaweicloud.live._filters.inventory
  - huaweicloud.live._pull_task.streams
  - huaweicloud.live._pull_task.secrets
  - huaweicloud.live._pull_task.words
  - huaweicloud.live._connection.inventory
  - ansible.builtin.constructed
  - ansible.builtin.inventory_cache
notes:
  - With O(cache), the tasks are read from the cache, and C(air) is computed for the current time. The cache contains no
    credentials. Each endpoint, project and set of O(filters) has its own entry, which a new token or key does not
    change. If O(project_id) is set and the tasks are in the cache, no request is sent. Otherwise the id of the project
    is read from IAM.
  - If the cache cannot be opened, read or written, there is a warning, and the tasks are read from the service.
  - The environment is that of Ansible. The keyword C(environment) and the C(module_defaults) of a play do not apply to
    an inventory. In contrast to other plugins, variables for credentials are only used as a complete set.
  - The options for the connection, except O(timeout) and O(retries), and the values of O(filters) can be templates.
    They can use lookups and the variables of C(--extra-vars).
seealso:
  - module: huaweicloud.live.live_pull_task_info
  - module: huaweicloud.live.live_pull_task
"""

EXAMPLES = r"""
# live.huaweicloud_live.yml: a host for each channel that plays files, such as channel1.live.push.example.com. The
# credentials come from the environment. The groups are for example air_on_air, air_paused and region_cn_north_4.
plugin: huaweicloud.live.pull_tasks
region: cn-north-4
filters:
  source_type: PullVodPushLive
keyed_groups:
  - key: air.state
    prefix: air
  - key: region
    prefix: region

# To list hosts and groups, run "ansible-inventory -i live.huaweicloud_live.yml --graph".

# A play on the inventory, where each channel is a host that is changed or fails independently:
#
# - name: Pause channels whose window is in the past
#   hosts: air_over
#   gather_facts: false
#   vars:
#     ansible_python_interpreter: "{{ ansible_playbook_python }}"
#   tasks:
#     - name: Pause the channel
#       huaweicloud.live.live_pull_task:
#         region: cn-north-4
#         task_id: "{{ task_id }}"
#         status: pause

# Short names, which are safe if all channels have the same domain and no server has such a name. The credentials come
# from files. Texts that are encrypted with "ansible-vault encrypt_string" are also possible.
#
# plugin: huaweicloud.live.pull_tasks
# region: cn-north-4
# project_id: 70b76xxxxxx34253880af501cdxxxxxx
# access_key: "{{ lookup('ansible.builtin.file', '/run/secrets/access_key') }}"
# secret_key: "{{ lookup('ansible.builtin.file', '/run/secrets/secret_key') }}"
# hostnames:
#   - "{{ app_name }}-{{ stream_name }}"
#   - stream_name

# Groups and variables from expressions. An expression that fails is an error.
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

# The list of tasks is cached for ten minutes. With "--flush-cache" it is read again.
#
# plugin: huaweicloud.live.pull_tasks
# region: cn-north-4
# hostvars_prefix: live_
# cache: true
# cache_plugin: ansible.builtin.jsonfile
# cache_connection: ~/.cache/huaweicloud_live
# cache_timeout: 600

# An inventory source of AWX, sourced from a project, with the credentials in its environment. A job template with
# job_slice_count: 4 distributes the hosts to four jobs, which run the play above.
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
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any

from ansible import constants as C
from ansible.errors import AnsibleError, AnsibleOptionsError, AnsibleParserError
from ansible.inventory.data import InventoryData
from ansible.plugins.inventory import BaseInventoryPlugin, Cacheable, Constructable
from ansible.utils.unsafe_proxy import wrap_var

from ..module_utils._clock import Clock
from ..module_utils._engine.report import MOST_NAMED
from ..module_utils._engine.streams import report_tasks
from ..module_utils._errors import InvalidOptionError, LiveError, raise_problems, refused, shown
from ..module_utils._module import Run, perform
from ..module_utils._options import CONNECTION_OPTIONS, FILTER_OPTIONS, status_words
from ..module_utils._service.connect import connect, forget, project
from ..module_utils._task.fields import FIELDS
from ..module_utils._task.immutable import IMMUTABLE, Destination
from ..module_utils._task.task import PullTask
from ..modules.live_pull_task_info import ARGUMENTS, run
from ..plugin_utils._arguments import given, mistakes, plain, unknown_option
from ..plugin_utils._direct import reporter, validated, without_no_log_values
from ..plugin_utils._hostnames import host_names

try:
    from ansible.template import trust_as_template
except ImportError:  # Before ansible-core 2.19, a text without a mark is a template.

    def trust_as_template(value: str) -> str:
        """Return the text unchanged."""
        return value


Mappings = Sequence[Mapping[str, Any]]
_VARIABLE = re.compile("(?!ansible_)[A-Za-z_][A-Za-z0-9_]*")
# A text that begins with #jinja2: defines its own delimiters.
_TEMPLATE = re.compile(r"\A#jinja2:|\{[{%#]")
_READ_INSTEAD = "The tasks are read from the service"


class InventoryModule(BaseInventoryPlugin, Constructable, Cacheable):
    """A host for each relay task."""

    NAME = "huaweicloud.live.pull_tasks"

    _uses_cache = False
    _cache_is_open = False
    _path = ""

    def verify_file(self, path: str) -> bool:
        """Return whether the file is for this plugin."""
        return path.endswith((".huaweicloud_live.yml", ".huaweicloud_live.yaml")) and bool(super().verify_file(path))

    def parse(self, inventory: InventoryData, loader: Any, path: str, cache: bool = True) -> None:
        """Add the hosts of a file to the inventory; see `BaseInventoryPlugin.parse`."""
        super().parse(inventory, loader, path, cache)
        self._path = path
        try:
            self._add(self._tasks(self._read(), cache))
        except (AnsibleError, LiveError) as error:
            raise AnsibleParserError(f"{path}: {error}") from None
        except Exception as error:
            raise AnsibleParserError(f"{path}: {type(error).__name__}: {error}") from error
        finally:
            # Processes that Ansible forks from this one must not share its connection.
            forget()

    def set_options(self, *args: Any, **kwargs: Any) -> None:
        """Set the options; see `AnsiblePlugin.set_options`.

        The option `cache` is hidden from `_read_config_data`, which would open the cache and fail if it cannot.
        """
        super().set_options(*args, **kwargs)
        self._uses_cache = bool(self.get_option("cache"))
        self.set_option("cache", False)

    def _warn(self, text: str) -> None:
        self.display.warning(f"{self._path}: {text}")

    # The file

    def _read(self) -> dict[str, Any]:
        """Return the options of the file, as the info module takes them.

        Ansible would look up each option alone, in the file and in the environment, and could combine the key of one
        account with the secret of another. So only the file is read here, and `connect` reads the environment.
        """
        config = self._read_config_data(self._path)
        filters = config.get("filters") or {}
        if not isinstance(filters, Mapping):
            raise InvalidOptionError(refused("filters", filters, "a dictionary"))
        options = sorted(self.option_definitions)
        problems = [unknown_option(name, options) for name in config if name not in options]
        problems += [unknown_option(name, FILTER_OPTIONS, "filters.") for name in filters if name not in FILTER_OPTIONS]
        prefix = self.get_option("hostvars_prefix") or ""
        if prefix and not _VARIABLE.fullmatch(prefix):
            allowed = "letters, digits and _, with no digit first; not ansible_"
            problems.append(refused("hostvars_prefix", prefix, allowed))
        raise_problems(problems)
        self.templar.available_variables = self._vars or {}
        arguments = {**{name: config[name] for name in ARGUMENTS if name in config}, **filters}
        arguments = given({name: self._templated(value) for name, value in arguments.items()}, None)
        validated_options, refusal = validated(ARGUMENTS, plain(arguments), os.environ, self.NAME)
        problems = mistakes(arguments, ARGUMENTS) or [*filter(None, [refusal])]
        raise_problems(problems)
        return validated_options

    def _templated(self, value: Any) -> Any:
        is_template = isinstance(value, str) and self.templar.is_template(value)
        return self.templar.template(value) if is_template else value

    # The tasks

    def _tasks(self, options: Mapping[str, Any], cache: bool) -> list[dict[str, Any]]:
        """Return the tasks, from the cache if the file wants that and the cache has them."""
        if not self._uses_cache:
            return self._list(run, options)
        key = f"{self.get_cache_key(self._path)}_{self._fingerprint(options)}"
        self._cache_is_open = bool(self._use_cache("opened", self._open_cache, f"{_READ_INSTEAD}, and not kept"))
        tasks = self._use_cache("read", lambda: self._cached(key)) if cache and self._cache_is_open else None
        if tasks is not None:
            words = status_words(options)
            return self._from_cache([PullTask.from_answer(task, words) for task in tasks], options)
        tasks = self._list(run, options)
        if self._cache_is_open:
            self.cache[key] = [{name: task[name] for name in task if name not in ("air", "stream")} for task in tasks]
        return tasks

    def _list(self, what: Run, options: Mapping[str, Any]) -> list[dict[str, Any]]:
        results = self._performed(what, options)
        for warning in results.get("warnings", ()):
            self.display.warning(f"pull_tasks: {warning}")
        return list(without_no_log_values(results, ARGUMENTS, options)["live_pull_tasks"])

    def _from_cache(self, tasks: Sequence[PullTask], options: Mapping[str, Any]) -> list[dict[str, Any]]:
        """Return tasks from the cache as they are now. Their streams are never cached."""

        def report(options: Any, environ: Any, _check_mode: bool, tell: Any) -> dict[str, Any]:
            client = connect(options, environ, tell) if options.get("streams") else None
            reported, warnings = report_tasks(client, tasks, Clock().now())
            return {"live_pull_tasks": reported, "warnings": warnings}

        return self._list(report, options)

    def _performed(self, what: Run, options: Mapping[str, Any]) -> dict[str, Any]:
        results = perform(what, options, os.environ, True, reporter(self.display, self.NAME), reads=True)
        if results.get("failed"):
            raise AnsibleParserError(results["msg"])
        return results

    # The cache

    def _fingerprint(self, options: Mapping[str, Any]) -> str:
        """Return a hash of what determines the list of tasks: the endpoint, the project and the filters.

        Credentials are not part of it: a token changes every day.
        """
        found = self._performed(lambda *how: {"project": project(how[0], how[1], how[3])}, options)
        own = {name: value for name, value in options.items() if name not in CONNECTION_OPTIONS and value is not None}
        text = json.dumps([found["project"], own], sort_keys=True)
        return hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()[:12]

    def _use_cache(self, verb: str, action: Callable[[], Any], instead: str = _READ_INSTEAD) -> Any:
        """Return the result of an action on the cache; None, and a warning, if it fails."""
        try:
            return action()
        except InvalidOptionError:
            raise
        except Exception as error:
            # Newer versions of Ansible do not repeat the text of the cause.
            texts = [str(one).strip().rstrip(".") for one in (error, error.__cause__) if one is not None]
            reason = ": ".join(dict.fromkeys(filter(None, texts))) or error.__class__.__name__
            self._warn(f"The cache cannot be {verb}: {reason}. {instead}.")
            return None

    def _open_cache(self) -> bool:
        try:
            self.load_cache_plugin()
        except AnsibleError as error:
            # Before ansible-core 2.19, only the text says that an option is missing.
            if not isinstance(error, AnsibleOptionsError) and "required configuration" not in str(error):
                raise
            options = ", ".join(name for name in self.option_definitions if name.startswith("cache_"))
            plugin = shown(self.get_option("cache_plugin"))
            reason = f"the cache plugin {plugin} needs other options: {str(error).strip().rstrip('.')}"
            allowed = f"with the options that the cache plugin requires, of {options}"
            raise InvalidOptionError(refused("cache", None, allowed, reason)) from None
        return True

    def _cached(self, key: str) -> list[dict[str, Any]] | None:
        tasks = self.cache.get(key)
        if tasks is None or (isinstance(tasks, list) and all(isinstance(task, dict) for task in tasks)):
            return tasks
        raise TypeError("it does not contain a list of tasks")

    def update_cache_if_changed(self) -> None:
        """Write the cache; Ansible calls this after `parse`."""
        if self._cache_is_open:
            self._use_cache("written", super().update_cache_if_changed, "The next run reads the tasks from the service")

    # The hosts

    def _add(self, tasks: Mappings) -> None:
        """Add a host for each task, all or none."""
        variables = self._variables(tasks)
        columns = [self._names(entry, tasks, variables) for entry in self.get_option("hostnames") or []]
        candidates = [*zip(*columns)] or [()] * len(tasks)
        ids = [str(task.get("task_id") or "") for task in tasks]
        reserved = {*self.inventory.groups, *C.LOCALHOST}
        others = {name: host.vars for name, host in self.inventory.hosts.items()}
        while True:
            found = host_names(candidates, ids, reserved, others)
            built = self._built(found.names, variables)
            _refuse_groups(built.groups, others)
            if reserved.issuperset(built.groups):
                break
            # The names of the groups are known only when all hosts are built.
            reserved.update(built.groups)
            if reserved.isdisjoint(found.names):
                break
        self._move(built, variables)
        if found.duplicates:
            self._warn(
                "Several tasks have the same name. Their hosts get the next name in hostnames, or the id of the task:"
                f" {_listed(found.duplicates)}"
            )
        if found.refused:
            self._warn(
                "Hosts get the id of the task as name, because another name is not allowed. Allowed: letters, digits,"
                " '.', '_' and '-', and not the name of a group, of this machine, or of a host that is not this task."
                f" Refused names: {_listed(found.refused)}"
            )

    def _variables(self, tasks: Mappings) -> list[dict[str, Any]]:
        """Return the variables of each task's host."""
        prefix = self.get_option("hostvars_prefix") or ""
        fields = dict.fromkeys(field for task in tasks for field in task)
        names = {field: prefix + field for field in fields if _VARIABLE.fullmatch(prefix + field)}
        return [
            {**{names[field]: marked(task[field]) for field in task if field in names}, "ansible_connection": "local"}
            for task in tasks
        ]

    def _names(self, entry: str, tasks: Mappings, variables: Mappings) -> list[str]:
        """Return the names that one entry of `hostnames` gives the hosts of the tasks."""
        if entry == "destination":
            return [*map(_destination, tasks)]
        if self.templar.is_template(entry):
            return [self._evaluated(entry, own) for own in variables]
        known = {"destination", "task_id", *FIELDS, *IMMUTABLE}.union(*tasks)
        if tasks and entry not in known:
            allowed = f"{', '.join(sorted(known))}, or a template, with braces"
            raise InvalidOptionError(refused("hostnames", entry, allowed, f"{shown(entry)} is not a field of a task"))
        return [_text(task.get(entry)) for task in tasks]

    def _evaluated(self, template: str, variables: Mapping[str, Any]) -> str:
        self.templar.available_variables = variables
        try:
            return _text(plain(self.templar.template(template)))
        except AnsibleError as error:
            if self.get_option("strict"):
                raise AnsibleParserError(f"hostnames: {shown(str(template))}: {error}") from None
            return ""

    def _built(self, names: Sequence[str], variables: Mappings) -> InventoryData:
        """Return a new inventory with the hosts, their groups and their composed variables."""
        before, built = self.inventory, InventoryData()
        built.current_source = before.current_source
        compose, groups, keys, strict = map(self.get_option, ("compose", "groups", "keyed_groups", "strict"))
        self.inventory = built
        try:
            for name, own in zip(names, variables):
                built.add_host(name)
                host = built.hosts[name]
                if name in before.hosts:
                    # Templates may use the variables and groups that other sources gave this host.
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

    def _move(self, built: InventoryData, variables: Mappings) -> None:
        """Add what was built to the inventory."""
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


def marked(value: Any) -> Any:
    """Return a copy of a value in which no text is evaluated as a template.

    Only a text that could be a template is marked as unsafe. `ansible-inventory --export` writes any other text plain,
    so programs that read the export, such as AWX, find a text and not a dictionary.
    """
    if isinstance(value, Mapping):
        return {wrap_var(name) if isinstance(name, str) else name: marked(item) for name, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [marked(item) for item in value]
    if isinstance(value, str):
        return wrap_var(value) if _TEMPLATE.search(value) else trust_as_template(value)
    return value


def _refuse_groups(groups: Iterable[str], hosts: Collection[str]) -> None:
    # A play for such a host would run on the tasks of the group.
    taken = [group for group in groups if group in hosts]
    if taken:
        reason = f"other inventory files have hosts with the names of the groups {_listed(taken)}"
        allowed = "names that no host has. Give keyed_groups a prefix"
        raise InvalidOptionError(refused("groups, keyed_groups", taken, allowed, reason))


def _destination(task: Mapping[str, Any]) -> str:
    """Return the stream, the application and the domain of a task; nothing if a URL is its destination."""
    found = next(iter(Destination.forms(task)), Destination())
    return ".".join(reversed(found[:3])) if all(found[:3]) else ""


def _text(value: Any) -> str:
    return "" if value in (None, "", [], {}) else str(value)


def _listed(names: Sequence[str]) -> str:
    more = f", and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
    return f"{', '.join(map(shown, names[:MOST_NAMED]))}{more}"
