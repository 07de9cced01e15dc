# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The options of a relay task, and of waiting for a change of it. Private to this collection."""

from __future__ import annotations

import re

import yaml


def _in_a_list(documentation: str) -> str:
    """Return the documentation of the option `tasks`, derived from the documentation of the options of one task."""
    # An option that is named with its module is not an option of the list.
    text = re.sub(r"O\((?!huaweicloud\.)", "O(tasks[].", documentation)
    options = yaml.safe_load(text)["options"]
    for option in options.values():
        # A list has no choices: Ansible would stop at the first wrong value, and would not name the task.
        if option.pop("choices", None):
            *_, last = description = option["description"]
            description.insert(len(description) - last.startswith("If left out"), "Nothing else is allowed.")
    tasks = yaml.safe_load(_TASKS)
    tasks["options"]["tasks"]["suboptions"] = options
    return str(yaml.safe_dump(tasks, sort_keys=False))


_TASKS = """
options:
  tasks:
    description:
      - The tasks, each with the options of M(huaweicloud.live.live_pull_task) but
        O(huaweicloud.live.live_pull_task#module:recreate), which is for one task at a time. A task may be named only
        once, by its id or by its destination.
      - An option that is left out (or null) is not managed.
    type: list
    elements: dict
    required: true
"""


class ModuleDocFragment:
    """The options of one task; the same inside the list of a bulk module; and what is common to both."""

    DOCUMENTATION = r"""
options:
  task_id:
    description:
      - Id of the task. The service gives it when a task is created, so that a task with this id has to exist, unless
        with O(state=absent).
      - Needed only where several tasks push to one destination. If a destination is given too, both have to name the
        same task.
      - If left out, the task is found by O(domain), O(app_name) and O(stream_name), or by O(destination_url).
    type: str
  domain:
    description:
      - The ingest domain that the task pushes its stream to, up to 255 characters. Case, a dot at the end and the port
        1935 make no difference.
      - Together with O(app_name) and O(stream_name) it names the task. A task that is named like this and is not there
        is created.
      - Fixed for the life of a task, also for O(huaweicloud.live.live_pull_task#module:recreate), because a task that
        pushes elsewhere is another task.
      - If left out, the task is found by O(destination_url) or O(task_id).
    type: str
    version_added: 2.0.0
  app_name:
    description:
      - The application of O(domain) that the task pushes its stream to, up to 128 characters. Goes with O(domain) and
        O(stream_name), and is fixed as they are.
    type: str
    version_added: 2.0.0
  stream_name:
    description:
      - The name of the stream, up to 512 characters. Goes with O(domain) and O(app_name), and is fixed as they are.
      - Quote a name of digits. A number is an error, because YAML makes 7 of C(007) and 750 of C(12:30).
    type: str
    version_added: 2.0.0
  destination_url:
    description:
      - The URL that the task pushes its stream to, in place of O(domain), O(app_name) and O(stream_name), which are not
        allowed with it. Its host is compared without case, a dot at the end and the default port of its scheme.
      - Names the task as they do, and is fixed as they are.
    type: str
    version_added: 2.0.0
  state:
    description:
      - V(present) - the task is there, and as asked. One that is named by its destination and is not there is created,
        which needs O(source_urls).
      - V(absent) - the task is not there. It is deleted, also if it is on air. All options but those that name it are
        ignored, as in the modules of amazon.aws; a value that is never allowed is an error all the same.
    type: str
    choices: [present, absent]
    default: present
    version_added: 2.0.0
  source_type:
    description:
      - V(PullLivePushLive) relays one live stream, V(PullVodPushLive) plays a list of files.
      - The service has no way to modify a task that relays a live stream. Such a task is created and deleted; what
        differs is an error, or with O(huaweicloud.live.live_pull_task#module:recreate) a new task.
      - It has exactly one entry in O(source_urls). O(vod_loop_time), O(vod_refresh_type), O(vod_start_video_index),
        O(vod_start_video_time), O(backup_source_type) and O(backup_source_urls) are not allowed for it, and it cannot
        be paused.
      - Fixed for the life of a task. It changes only by O(huaweicloud.live.live_pull_task#module:recreate).
      - If left out, the task keeps it; one that is created is of the type V(PullVodPushLive).
    type: str
    choices: [PullLivePushLive, PullVodPushLive]
    version_added: 2.0.0
  task_region:
    description:
      - The region of the task, 1 to 64 characters. It need not be the one whose service is asked.
      - Fixed for the life of a task. It changes only by O(huaweicloud.live.live_pull_task#module:recreate).
      - If left out, the task keeps it; one that is created gets the service's default.
    type: str
    version_added: 2.0.0
  push_args:
    description:
      - Arguments of the URL that the stream is pushed to. Empty means none.
      - Fixed for the life of a task. It changes only by O(huaweicloud.live.live_pull_task#module:recreate).
      - If left out, the task keeps them; one that is created has none.
    type: str
    version_added: 2.0.0
  callback_url:
    description:
      - The address that the service reports the events of O(callback_events) to. Empty means none.
      - Fixed for the life of a task. It changes only by O(huaweicloud.live.live_pull_task#module:recreate).
      - If left out, the task keeps it; one that is created has none.
    type: str
    version_added: 2.0.0
  backup_source_type:
    description:
      - What O(backup_source_urls) are. The service knows V(PullLivePushLive), a live stream.
      - Only for a task that plays a list of files.
      - Fixed for the life of a task. It changes only by O(huaweicloud.live.live_pull_task#module:recreate).
      - If left out, the task keeps it; one that is created has none.
    type: str
    choices: [PullLivePushLive]
    version_added: 2.0.0
  backup_source_urls:
    description:
      - What is played when O(source_urls) break off, a list of URLs of the same form. Empty means none.
      - Only for a task that plays a list of files.
      - Fixed for the life of a task. It changes only by O(huaweicloud.live.live_pull_task#module:recreate).
      - If left out, the task keeps them; one that is created has none.
    type: list
    elements: str
    version_added: 2.0.0
  status:
    description:
      - V(pause) takes the task off air, V(enable) puts it on air between O(start_time) and O(end_time).
      - A create takes no status, and the service enables what it creates. With V(pause) it is created and then paused
        at once, by a second request, so that it may be on air for a second, or longer while the service throttles. A
        channel that must not be seen before its time is created with a O(start_time) that lies ahead.
      - If left out, the task stays as it is; one that is created is enabled.
    type: str
    choices: [pause, enable]
  source_urls:
    description:
      - The playlist, 1 to 30 URLs. They are played in this order; one may stand in it several times.
      - Each is an absolute URL as RFC 3986 defines it, C(scheme://host...), of something that a service on the internet
        can pull. It holds no white space, no control characters, none of V(|), V(\\), V("), V({), V(}), V(<), V(>),
        V(^) and the backquote, and a V(%) only before two hex digits. Letters beyond ASCII are allowed.
      - Refused are C(file:) and other schemes that name no host on the network, two URLs with a comma or a blank
        between them, and the hosts V(localhost), loopback, unspecified and multicast addresses.
      - They are sent exactly as written. Stored by the service percent-encoded, or with a host in punycode, they are
        the same.
      - A different order is a different playlist.
      - A string is split at commas. Give URLs that hold a comma as a list.
      - If left out, the task keeps its playlist; one that is created needs it.
    type: list
    elements: str
  vod_loop_time:
    description:
      - How often the playlist is played. V(-1) is endless, until O(end_time); a number V(N) of 1 or more is N rounds,
        or until O(end_time), whichever comes first; empty is the service's default, V(-1).
      - If left out, the task keeps its value; one that is created gets the service's default.
    type: str
  vod_refresh_type:
    description:
      - How a change of O(source_urls) takes effect.
      - V(immediate_new_source) plays the new playlist at once.
      - V(continue_from_file_start) goes on with the file that was on air, from its start.
      - V(continue_from_break_point) goes on with the file that was on air, from where it was.
      - If left out, the task keeps its value, which is V(immediate_new_source) if none was ever set.
    type: str
    choices: [immediate_new_source, continue_from_file_start, continue_from_break_point]
  vod_start_video_index:
    description:
      - The file to start with, as its place in O(source_urls) counted from V(0). 0 to 2147483647, and at most the
        number of URLs less one.
      - If left out, the task keeps its value; one that is created starts with the first file.
    type: int
  vod_start_video_time:
    description:
      - The second at which to start in the file O(vod_start_video_index). 0 to 2147483647.
      - If left out, the task keeps its value; one that is created starts at the beginning of the file.
    type: int
  start_time:
    description:
      - When the task starts, in RFC 3339 with V(Z) or an offset, for example V(2026-01-31T20:00:00Z) or
        V(2026-02-01T04:00:00+08:00). Has to be before O(end_time).
      - An unquoted YAML time stamp is understood too. A time without a zone is an error, because it is ambiguous. A
        fraction of a second is dropped.
      - If left out, the task keeps its value; one that is created starts now.
    type: str
  end_time:
    description:
      - When the task ends, written like O(start_time). Has to be after it, by seven days at most, and, if it changes,
        later than now.
      - The service ends every task after seven days at most. A task that is created or enabled without an end draws a
        warning. The role P(huaweicloud.live.playlist#role) keeps a channel on air for longer.
      - If left out, the task keeps its value; one that is created has none.
    type: str
  callback_events:
    description:
      - The events that the service calls back, in any order. Empty means all of them.
      - V(TaskStart) is sent when the task starts, V(TaskExit) when it stops, V(VodSourceFileStart) when it turns to a
        file, V(VodSourceFileFinish) when it has played one to its end, V(ResetTaskConfig) when it was changed,
        V(TaskAlarm) when something is wrong.
      - If left out, the task keeps its value; for one that is created all events are called back.
    type: list
    elements: str
    choices: [TaskStart, TaskExit, VodSourceFileStart, VodSourceFileFinish, ResetTaskConfig, TaskAlarm]
"""

    TASKS = _in_a_list(DOCUMENTATION)

    SECRETS = r"""
options:
  show_secrets:
    description:
      - Whether results show the C(push_args), C(callback_url), C(destination_url) and C(backup_source_urls) of a task,
        which mostly hold a key. Otherwise C(********) stands there; of C(destination_url), which names a task, only for
        a password and for what follows a question mark.
      - C(source_urls) are shown in results as they are. In diffs, messages and warnings the password of any URL, and
        the values of parameters such as C(auth_key), C(token) or C(X-Amz-Signature), are masked in any case.
      - A value with C(********) in it is refused where it is given as an option of a task. Set V(true) where a later
        task needs the values, and C(no_log) on both.
    type: bool
    default: false
    version_added: 2.0.0
"""

    STREAMS = r"""
options:
  streams:
    description:
      - Whether to read which streams are being pushed, and add V(stream) to each task. Then the state V(dark) of
        V(air) is possible.
      - This takes one request for each ingest domain and hundred streams, and the permission
        C(live:stream:listLiveStreamsOnline). If the streams cannot be read, the task fails.
    type: bool
    default: false
    version_added: 2.0.0
"""

    WORDS = r"""
options:
  status_words:
    description:
      - What other words than V(pause) and V(enable) mean that the service shows as a task's C(status), and does not
        document.
      - A dictionary of such a word, in any case, and V(pause) or V(enable).
    type: dict
    default: {}
    version_added: 2.0.0
"""

    WAIT = r"""
options:
  wait:
    description:
      - Whether to read what was changed again until every option given is as asked, what was created until it is
        listed, and what was deleted until it is not. If that never comes, the module fails and names the options that
        did not take.
      - With V(false) the module returns as soon as the service has accepted the change, with what should become of it.
        Then nothing is read back, so that what the service emptied because the change left it out is neither noticed
        nor restored, nor is it noticed that someone else created the same task at the same time. (Of many tasks, the
        first that succeeds is still looked at once.)
    type: bool
    default: true
  wait_timeout:
    description:
      - For how many seconds to wait. V(0) looks once. A read that fails while waiting counts as not yet.
    type: float
    default: 60
notes:
  - Nothing is sent before every option has passed every documented constraint. What takes the task itself to know, such
    as whether a new C(end_time) is within seven days of its start, is checked after the task was read and before
    anything is written.
  - The service does not document whether a change that leaves out an option keeps its value, resets it to its default
    or empties it. Therefore a change always carries C(vod_loop_time), C(vod_refresh_type), C(vod_start_video_index),
    C(vod_start_video_time), C(start_time) and C(callback_events), with the value of the task where the option is not
    given. C(source_urls), C(status) and C(end_time) are sent only if they change, because sending C(source_urls) again
    could restart the playlist on air. Afterwards all of the task is read back, and what the service emptied is
    restored.
  - So that no task is created twice, a create whose answer was lost is looked for in the list of tasks, four times over
    ten seconds, before it is sent again. A delete whose answer was lost is checked.
  - Others may write to the same task at the same time. A change goes out within two seconds of the read that it was
    planned from; one that someone else makes in between is put back unseen. One that they make later is left alone, and
    draws a warning.
  - The service does not document which values C(status) takes in its answers. One other than V(pause) and V(enable)
    counts as different from what is asked, and draws a warning, until O(status_words) says what it means.
  - Results show the URLs of a playlist as they are, and C(-vvv) shows the options of a task as they were given. If they
    hold a key, set C(no_log) on the Ansible task.
seealso:
  - name: ModifyPullTask
    description: The service's page of the operation.
    link: https://support.huaweicloud.com/api-live/ModifyPullTask.html
"""
