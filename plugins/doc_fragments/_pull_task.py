# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The options of a relay task, and of waiting for a change. Private to this collection."""

from __future__ import annotations

import yaml


def _in_a_list(documentation: str) -> str:
    """Return the documentation of the option `tasks`, derived from the documentation of the options of one task."""
    suboptions = yaml.safe_load(documentation.replace("O(", "O(tasks[]."))["options"]
    for option in suboptions.values():
        # A list has no choices: Ansible would stop at the first wrong value, and would not name the task.
        if option.pop("choices", None):
            option["description"].append("Nothing else is allowed.")
    description = [
        "The tasks, each with the options of M(huaweicloud.live.live_pull_task), without"
        " O(huaweicloud.live.live_pull_task#module:recreate). Immutable options can only be set when a task is created."
        " Each task can be declared only once, by its id or by its destination.",
    ]
    tasks = {"description": description, "type": "list", "elements": "dict", "required": True, "suboptions": suboptions}
    return str(yaml.safe_dump({"options": {"tasks": tasks}}, sort_keys=False))


class ModuleDocFragment:
    """The options of one task, the same options in a list of tasks, and options that several modules share."""

    DOCUMENTATION = r"""
options:
  task_id:
    description:
      - The id of the task, which the service assigns. The task must exist, unless O(state=absent).
      - Needed only if several tasks have the same destination. If both are set, they must identify the same task.
      - If not set, the task is found by O(domain), O(app_name) and O(stream_name), or by O(destination_url).
    type: str
  domain:
    description:
      - The ingest domain that the task pushes its stream to, up to 255 characters, without scheme and path. Case, a
        trailing dot and the port 1935 are ignored.
      - With O(app_name) and O(stream_name) it is the destination, which identifies the task. If no task has this
        destination, a task is created. A task with another destination is another task.
      - If not set, the task is found by O(destination_url) or O(task_id).
    type: str
    version_added: 2.0.0
  app_name:
    description: The application of the destination, up to 128 characters. Required with O(domain).
    type: str
    version_added: 2.0.0
  stream_name:
    description:
      - The stream of the destination, up to 512 characters. Required with O(domain).
      - Quote a name that consists of digits. A number is an error, because YAML reads C(007) as 7 and C(12:30) as 750.
    type: str
    version_added: 2.0.0
  destination_url:
    description:
      - The URL that the task pushes its stream to, as destination instead of O(domain), O(app_name) and O(stream_name).
        In the host, case, a trailing dot and the default port are ignored.
    type: str
    version_added: 2.0.0
  state:
    description:
      - V(present) - the task exists as declared. If no task has the destination, a task is created from O(source_urls).
      - V(absent) - the task does not exist. It is deleted even if it is on air. Options that do not identify the task
        are ignored, but invalid values are still an error.
    type: str
    choices: [present, absent]
    default: present
    version_added: 2.0.0
  source_type:
    description:
      - V(PullLivePushLive) relays one live stream. V(PullVodPushLive) plays a list of files.
      - The service cannot modify a task that relays a live stream, so all options of such a task are immutable.
      - Such a task has exactly one entry in O(source_urls) and cannot be paused. O(vod_loop_time),
        O(vod_refresh_type), O(vod_start_video_index), O(vod_start_video_time), O(backup_source_type) and
        O(backup_source_urls) are not allowed.
      - Immutable. If not set, the task keeps its value. A new task gets V(PullVodPushLive).
    type: str
    choices: [PullLivePushLive, PullVodPushLive]
    version_added: 2.0.0
  task_region:
    description:
      - The region of the task, 1 to 64 characters. It can differ from the region of the service.
      - Immutable. If not set, the task keeps its value. A new task gets the default of the service.
    type: str
    version_added: 2.0.0
  push_args:
    description:
      - The arguments of the URL that the stream is pushed to. An empty value means no arguments.
      - Immutable. If not set, the task keeps its value. A new task gets no arguments.
    type: str
    version_added: 2.0.0
  callback_url:
    description:
      - The URL that the service sends the events in O(callback_events) to. An empty value means no URL.
      - Immutable. If not set, the task keeps its value. A new task gets no URL.
    type: str
    version_added: 2.0.0
  backup_source_type:
    description:
      - The type of O(backup_source_urls) of a playlist. The service supports V(PullLivePushLive), a live stream.
      - Immutable. If not set, the task keeps its value. A new task gets no type.
    type: str
    choices: [PullLivePushLive]
    version_added: 2.0.0
  backup_source_urls:
    description:
      - The URLs that are played if the O(source_urls) of a playlist fail, in the same form. Empty means no URLs.
      - Immutable. If not set, the task keeps its value. A new task gets no URLs.
    type: list
    elements: str
    version_added: 2.0.0
  status:
    description:
      - V(pause) takes the task off air. V(enable) puts it on air between O(start_time) and O(end_time).
      - The service enables every new task. With V(pause), a second request pauses it, so it can be on air for a second
        or longer. To prevent this, set O(start_time) to a time in the future.
      - If not set, the task keeps its value. A new task is enabled.
    type: str
    choices: [pause, enable]
  source_urls:
    description:
      - The playlist, 1 to 30 URLs in the order in which they are played. A URL may occur several times.
      - Each entry is an absolute URL as defined by RFC 3986, C(scheme://host...), that a service on the internet can
        pull. White space, control characters, V(|), V(\\), V("), V({), V(}), V(<), V(>), V(^), the backquote, and V(%)
        without two hex digits are not allowed. Letters beyond ASCII are allowed.
      - Schemes without a host on the network, such as C(file:), two URLs joined by a comma, the host V(localhost), and
        loopback, unspecified and multicast addresses are not allowed.
      - URLs are sent exactly as written. The same URL percent-encoded or with its host in punycode counts as equal.
      - A different order is a different playlist. A string is split at commas, so use a list for URLs with a comma.
      - If not set, the task keeps its value. A new task requires it.
    type: list
    elements: str
  vod_loop_time:
    description:
      - How many times the playlist is played. V(-1) repeats it until O(end_time). A number V(N) of 1 or more ends the
        task after N rounds or at O(end_time). An empty value is the default of the service, V(-1).
      - If not set, the task keeps its value. A new task gets the default of the service.
    type: str
  vod_refresh_type:
    description:
      - How a change of O(source_urls) takes effect. V(immediate_new_source) plays the new playlist at once.
        V(continue_from_file_start) continues at the start of the current file. V(continue_from_break_point) continues
        at the current position of the current file.
      - If not set, the task keeps its value, which is V(immediate_new_source) if it was never set.
    type: str
    choices: [immediate_new_source, continue_from_file_start, continue_from_break_point]
  vod_start_video_index:
    description:
      - The index in O(source_urls) of the first file to play, from V(0) to the number of URLs minus one.
      - If not set, the task keeps its value. A new task starts with the first file.
    type: int
  vod_start_video_time:
    description:
      - The position in seconds at which the file O(vod_start_video_index) starts, 0 to 2147483647.
      - If not set, the task keeps its value. A new task starts at the beginning of the file.
    type: int
  start_time:
    description:
      - The time at which the task starts, in RFC 3339 with V(Z) or an offset, such as V(2026-01-31T20:00:00Z), quoted
        or not. It must be before O(end_time). A time without a zone is an error. Fractions of a second are ignored.
      - If not set, the task keeps its value. A new task starts at once.
    type: str
  end_time:
    description:
      - The time at which the task ends, in the format of O(start_time), at most seven days after it. A new value must
        be in the future. The service ends every task after seven days at most; the role
        P(huaweicloud.live.playlist#role) keeps a channel on air for longer.
      - A task that is created or enabled without an end causes a warning.
      - If not set, the task keeps its value. A new task has no end.
    type: str
  callback_events:
    description:
      - The events that the service sends to O(callback_url), in any order. An empty list means all events.
      - V(TaskStart) and V(TaskExit) are sent when the task starts and stops, V(VodSourceFileStart) and
        V(VodSourceFileFinish) when a file starts and ends, V(ResetTaskConfig) when the task was modified, and
        V(TaskAlarm) when there is a problem.
      - If not set, the task keeps its value. A new task sends all events.
    type: list
    elements: str
    choices: [TaskStart, TaskExit, VodSourceFileStart, VodSourceFileFinish, ResetTaskConfig, TaskAlarm]
"""

    TASKS: str = _in_a_list(DOCUMENTATION)  # Annotated, because the sanity test yamllint expects a text otherwise.

    SECRETS = r"""
options:
  show_secrets:
    description:
      - Whether results show the C(push_args), C(callback_url), C(destination_url) and C(backup_source_urls) of a task,
        which often contain a key. If not, C(********) replaces them. In C(destination_url), it replaces only a password
        and the part after a question mark. The C(source_urls) are always shown.
      - In diffs, messages and warnings, passwords in URLs and the values of parameters such as C(auth_key) are always
        masked. An option cannot contain C(********). If a later task needs the values, set this and C(no_log) on both.
    type: bool
    default: false
    version_added: 2.0.0
"""

    STREAMS = r"""
options:
  streams:
    description:
      - Whether to read which streams are being pushed, and to add V(stream) to each task. V(air) can then be V(dark).
      - It takes one request for each ingest domain and hundred streams, and the permission
        C(live:stream:listLiveStreamsOnline). If the service refuses a domain, V(stream) is V(null) there.
    type: bool
    default: false
    version_added: 2.0.0
"""

    WORDS = r"""
options:
  status_words:
    description: Maps undocumented words for C(status), in upper or lower case, to V(pause) or V(enable).
    type: dict
    default: {}
    version_added: 2.0.0
"""

    WAIT = r"""
options:
  wait:
    description:
      - Whether to wait until a changed task has the declared values, a created task is listed, and a deleted task is
        not listed. If this does not happen in time, the module fails and names the options that differ.
      - With V(false), the module returns the expected result as soon as the service has accepted the change, and
        notices no loss of other options. It still verifies the first change of a fleet, and each delete of a recreate.
    type: bool
    default: true
  wait_timeout:
    description: How many seconds to wait. V(0) reads the task once. A failed read is repeated.
    type: float
    default: 60
  wait_for:
    description:
      - V(settings) - wait for the declared values only. V(stream) - also wait for the stream. If the task is on air
        now, and endless or a live relay, its stream must be pushed. If it was off air before, this must be a new push.
        If the task is paused or its window is in the past, no push from before the change may be left. For other
        tasks, and in check mode, the module reads the stream once. See the guide "Watching channels".
      - With V(stream), the module waits even if it had nothing to change. If the time is up, it fails. If a task is off
        air, was not changed, and its stream is pushed, the module only warns.
      - V(stream) requires O(wait=true) and the permission C(live:stream:listLiveStreamsOnline). If it is missing, or
        the service refuses the domain, the module fails and changes nothing, but it still pauses a task.
    type: str
    choices: [settings, stream]
    default: settings
    version_added: 2.0.0
notes:
  - Nothing is sent before all documented constraints of all options are checked. Constraints that depend on the task,
    such as a new C(end_time) within seven days of its start, are checked after it is read and before it is changed.
  - The service does not document whether a change that leaves out an option keeps, resets or empties its value.
    Therefore a change always carries C(vod_loop_time), C(vod_refresh_type), C(vod_start_video_index),
    C(vod_start_video_time), C(start_time) and C(callback_events), with the value of the task if the option is not set.
    C(source_urls), C(status) and C(end_time) are sent only if they change, because C(source_urls) could restart the
    playlist. Afterwards the whole task is read, and options that the service emptied are restored.
  - If the response to a create is lost, the list of tasks is read four times in ten seconds before the create is sent
    again. If the first one takes effect later, there are two. If the response to a delete is lost, the task is read.
  - A change is sent within two seconds after the task was read. If someone else changes an option in between, and the
    request carries this option, that change is overwritten. A later change is kept and causes a warning.
  - The service does not document the values of C(status) in its responses. Values other than V(pause) and V(enable)
    differ from every declared status and cause a warning, unless O(status_words) defines them.
  - Results show the URLs of the playlist. If they contain a key, set C(no_log).
seealso:
  - name: ModifyPullTask
    description: The API documentation of the operation.
    link: https://support.huaweicloud.com/api-live/ModifyPullTask.html
"""
