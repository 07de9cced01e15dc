# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The options that tell where the service is and who asks. Private to this collection."""

from __future__ import annotations

import re

import yaml


def _with_variables(documentation: str) -> str:
    """Return the documentation for a plugin of Ansible, which declares the environment variables of each option."""
    documented = yaml.safe_load(documentation)
    for name, option in documented["options"].items():
        variables = re.findall(r"E\((\w+)\)", " ".join(option["description"]))
        # The variable that profile names holds the path of the file.
        if variables and name != "profile":
            option["env"] = [{"name": variable} for variable in variables]
    return str(yaml.safe_dump(documented, sort_keys=False))


class ModuleDocFragment:
    """Options, requirements and notes of every module that talks to the service."""

    DOCUMENTATION = r"""
options:
  region:
    description:
      - Name of the region, for example V(cn-north-4). The addresses of the service and of IAM are made from it, and
        O(project_id) is looked up by it.
      - Required unless O(endpoint) is given and nothing has to be asked of IAM. With O(endpoint) it is just a name, so
        that the regions of private clouds, such as V(RegionOne), will do as well.
      - As an option it is refused if O(endpoint) or O(iam_endpoint) come from the environment and are of another
        region.
      - Falls back to the environment variables E(HW_REGION_NAME) and E(ANSIBLE_HWC_REGION).
    type: str
  endpoint:
    description:
      - Address of the Live service, V(https://host) or V(https://host:port). Defaults to
        V(https://live.REGION.CLOUD), with O(region) for C(REGION) and O(cloud) for C(CLOUD).
      - V(http://) is accepted for loopback hosts only, because secrets would travel unencrypted.
      - Falls back to the environment variable E(HUAWEICLOUD_LIVE_ENDPOINT).
    type: str
  iam_endpoint:
    description:
      - Address of the Identity and Access Management service (IAM), which is asked for a token if O(username) is given,
        and for the id of the project if O(project_id) is not. A C(/v3) at its end is dropped.
      - Defaults to V(https://iam.REGION.CLOUD), with O(region) for C(REGION) and O(cloud) for C(CLOUD).
      - Falls back to the environment variables E(HUAWEICLOUD_SDK_IAM_ENDPOINT) and E(HW_AUTH_URL).
    type: str
  cloud:
    description:
      - Domain of the cloud, for the addresses that are made from O(region).
      - Defaults to V(myhuaweicloud.eu) for regions that begin with V(eu-), and to V(myhuaweicloud.com) for all others.
      - Falls back to the environment variable E(HW_CLOUD).
    type: str
    version_added: 2.0.0
  project_id:
    description:
      - Id of the project that the tasks belong to. Looked up by O(project_name), or else the name of O(region), if not
        given, at the cost of one more request in each run.
      - Falls back to the environment variables E(HUAWEICLOUD_SDK_PROJECT_ID), E(HW_PROJECT_ID) and
        E(ANSIBLE_HWC_PROJECT_ID).
    type: str
  project_name:
    description:
      - Name of the project that the tasks belong to, where it is not called like O(region), for example
        V(cn-north-4_team).
      - If O(project_id) or this is given as an option, neither of them is taken from the environment. If both are given
        in one place, they have to be of one project.
      - Falls back to the environment variable E(HW_PROJECT_NAME).
    type: str
    version_added: 2.0.0
  auth_token:
    description:
      - A token of IAM for the project.
      - The environment variable is E(HW_AUTH_TOKEN).
    type: str
  access_key:
    description:
      - Access key id (AK). With O(secret_key) every request is signed with C(SDK-HMAC-SHA256), the way to authenticate
        that the service recommends. The secret key itself is never sent.
      - The environment variables are E(HUAWEICLOUD_SDK_AK), E(CLOUD_SDK_AK), E(HW_ACCESS_KEY) and
        E(ANSIBLE_HWC_ACCESS_KEY).
    type: str
  secret_key:
    description:
      - Secret access key (SK) that belongs to O(access_key).
      - The environment variables are E(HUAWEICLOUD_SDK_SK), E(CLOUD_SDK_SK), E(HW_SECRET_KEY) and
        E(ANSIBLE_HWC_SECRET_KEY).
    type: str
  security_token:
    description:
      - Security token that belongs to a temporary O(access_key) and O(secret_key).
      - The environment variables are E(HUAWEICLOUD_SDK_SECURITY_TOKEN) and E(HW_SECURITY_TOKEN).
    type: str
  username:
    description:
      - Name of an IAM user. With O(password) and O(domain_name) a token is got from IAM in each run.
      - The environment variable is E(HW_USER_NAME).
    type: str
  password:
    description:
      - Password of the IAM user.
      - The environment variable is E(HW_USER_PASSWORD).
    type: str
  domain_name:
    description:
      - Name of the account (domain) of the IAM user.
      - The environment variable is E(HW_DOMAIN_NAME).
    type: str
  profile:
    description:
      - Section of the profile file of the official SDKs with the credentials. It wins over credentials in the
        environment, and is not allowed with others in options.
      - Without it, the section V(basic) is read if neither options nor environment have credentials.
      - The file is C(~/.huaweicloud/credentials), or the one that E(HUAWEICLOUD_SDK_CREDENTIALS_FILE) names. Of a
        section C(ak), C(sk), C(security_token), C(project_id) and C(iam_endpoint) are read.
    type: str
    version_added: 2.0.0
  validate_certs:
    description:
      - Whether the certificate of the server is verified. Turning it off lets anyone on the way read and change what is
        sent.
    type: bool
    default: true
  ca_path:
    description:
      - File or folder with the certificates of the authorities that are trusted, in PEM format.
      - If not given, E(REQUESTS_CA_BUNDLE) or E(CURL_CA_BUNDLE) of the environment, or else the authorities that the
        Python library C(requests) trusts.
    type: path
  timeout:
    description:
      - How many seconds a request may take each time it is sent, from the connection to the last byte of the answer.
      - The look-up of the host's name comes on top, for which the system has limits of its own. A host with several
        addresses gets this time to connect to each.
    type: float
    default: 30
  retries:
    description:
      - How many times a request is sent again after a network error, a time-out, or one of the HTTP statuses 429, 500,
        502, 503 and 504. The pauses grow up to 30 seconds and are drawn at random; C(Retry-After) is obeyed up to
        30 seconds.
      - V(0) sends each request once.
    type: int
    default: 5
requirements:
  - "Python library requests, where the module runs"
notes:
  - The credentials are O(auth_token), or O(access_key) with O(secret_key) (and O(security_token)), or O(username) with
    O(password) and O(domain_name); the first of these that is complete is used. A set of which a part
    is missing is an error, unless one before it is complete.
  - If neither options nor environment have any, the profile file of the SDKs is read (see O(profile)), and then the
    agency of the server is asked at C(http://169.254.169.254). Where that does not answer, it costs three seconds.
  - An option that is given and empty is an error. An empty environment variable is not set.
  - If any credential is given as an option, none is taken from the environment. In the environment, variables of one
    family (C(HUAWEICLOUD_SDK_*), C(CLOUD_SDK_*), C(HW_*), C(ANSIBLE_HWC_*)) are used together, never the key of one
    with the secret of another.
  - The environment is that of the host where the module runs, usually C(localhost).
  - Redirects are never followed, and C(.netrc) is never read. A proxy is taken from the environment
    (E(HTTPS_PROXY), E(NO_PROXY)), for C(https) only.
"""

    INVENTORY = _with_variables(DOCUMENTATION)
