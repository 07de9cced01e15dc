# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The options for the address of the service and for the credentials. Private to this collection."""

from __future__ import annotations

import re

import yaml


def _with_variables(documentation: str) -> str:
    """Return the documentation for a plugin, which declares the environment variables of each option."""
    documented = yaml.safe_load(documentation)
    for name, option in documented["options"].items():
        variables = re.findall(r"E\((\w+)\)", str(option["description"]))
        # The variable in the description of profile holds the path of the file.
        if variables and name != "profile":
            option["env"] = [{"name": variable} for variable in variables]
    return str(yaml.safe_dump(documented, sort_keys=False))


def _only(documentation: str, *names: str) -> str:
    options = yaml.safe_load(documentation)["options"]
    return str(yaml.safe_dump({"options": {name: options[name] for name in names}}, sort_keys=False))


class ModuleDocFragment:
    """Options, requirements and notes of modules, and of the inventory, that connect to the service."""

    DOCUMENTATION = r"""
options:
  region:
    description:
      - The name of the region, for example V(cn-north-4). The default values of O(endpoint) and O(iam_endpoint) contain
        it. If O(project_id) is not set, it is looked up by this name.
      - Required unless O(endpoint) is set and no request to IAM is needed. With O(endpoint), any name is allowed, such
        as V(RegionOne) for a private cloud.
      - It is an error to set it as an option if O(endpoint) or O(iam_endpoint) come from the environment and belong to
        another region. If not set, the environment variables E(HW_REGION_NAME) and E(ANSIBLE_HWC_REGION) are used.
    type: str
  endpoint:
    description: The address of the Live service, V(https://host) or V(https://host:port). V(http://) is allowed for
      loopback hosts only, because secrets would be sent unencrypted. If not set, E(HUAWEICLOUD_LIVE_ENDPOINT) of the
      environment is used, or else V(https://live.REGION.CLOUD), with O(region) for C(REGION) and O(cloud) for C(CLOUD).
    type: str
  iam_endpoint:
    description:
      - The address of the Identity and Access Management service (IAM). It is used to get a token if O(username) is
        set, and the id of the project if O(project_id) is not set. A C(/v3) at the end of the address is removed.
      - If not set, the environment variables E(HUAWEICLOUD_SDK_IAM_ENDPOINT) and E(HW_AUTH_URL) are used, or else
        V(https://iam.REGION.CLOUD), with O(region) for C(REGION) and O(cloud) for C(CLOUD).
    type: str
  cloud:
    description:
      - The domain of the cloud in the default values of O(endpoint) and O(iam_endpoint).
      - If not set, the environment variable E(HW_CLOUD) is used, or else V(myhuaweicloud.eu) for regions that begin
        with V(eu-), and V(myhuaweicloud.com) for all other regions.
    type: str
    version_added: 2.0.0
  project_id:
    description:
      - The id of the project of the tasks. If not set, the environment variables E(HUAWEICLOUD_SDK_PROJECT_ID),
        E(HW_PROJECT_ID) and E(ANSIBLE_HWC_PROJECT_ID) are used. Otherwise IAM returns the id of the project with the
        name O(project_name), or else O(region), which takes one more request in each run.
    type: str
  project_name:
    description:
      - The name of the project of the tasks, if it is not the name of the region, for example V(cn-north-4_team).
      - If O(project_id) or this option is set, neither is taken from the environment. If both are set in the same
        place, they must belong to the same project. If not set, the environment variable E(HW_PROJECT_NAME) is used.
    type: str
    version_added: 2.0.0
  auth_token:
    description: An IAM token for the project. The environment variable is E(HW_AUTH_TOKEN).
    type: str
  access_key:
    description: The access key id (AK). With O(secret_key), every request is signed with C(SDK-HMAC-SHA256), as the
      service recommends. The secret key is never sent. The environment variables are E(HUAWEICLOUD_SDK_AK),
      E(CLOUD_SDK_AK), E(HW_ACCESS_KEY) and E(ANSIBLE_HWC_ACCESS_KEY).
    type: str
  secret_key:
    description: The secret access key (SK) that belongs to O(access_key). The environment variables are
      E(HUAWEICLOUD_SDK_SK), E(CLOUD_SDK_SK), E(HW_SECRET_KEY) and E(ANSIBLE_HWC_SECRET_KEY).
    type: str
  security_token:
    description: The security token that belongs to a temporary O(access_key) and O(secret_key). The environment
      variables are E(HUAWEICLOUD_SDK_SECURITY_TOKEN) and E(HW_SECURITY_TOKEN).
    type: str
  username:
    description: The name of an IAM user. With O(password) and O(domain_name), a token is requested from IAM in each
      run. The environment variable is E(HW_USER_NAME).
    type: str
  password:
    description: The password of the IAM user. The environment variable is E(HW_USER_PASSWORD).
    type: str
  domain_name:
    description: The account (domain) of the IAM user. The environment variable is E(HW_DOMAIN_NAME).
    type: str
  profile:
    description:
      - The section of the profile file of the official SDKs that contains the credentials. It takes precedence over
        credentials in the environment. It cannot be combined with credentials in options.
      - The file is C(~/.huaweicloud/credentials), or the file that E(HUAWEICLOUD_SDK_CREDENTIALS_FILE) names. The keys
        C(ak), C(sk), C(security_token), C(project_id) and C(iam_endpoint) of the section are read.
      - If not set, and neither options nor environment contain credentials, the section V(basic) is read.
    type: str
    version_added: 2.0.0
  validate_certs:
    description: Whether to verify the certificate of the server. With V(false), others can read and change requests.
    type: bool
    default: true
  ca_path:
    description: The path of a file or folder with the certificates of trusted authorities, in PEM format. If not set,
      the environment variables E(REQUESTS_CA_BUNDLE) and E(CURL_CA_BUNDLE) are used, or else those of C(requests).
    type: path
  timeout:
    description: The maximum time for one attempt of a request in seconds, from the connection to the last byte of the
      response. The name lookup is not included. If a host has several addresses, the time applies to each connection.
    type: float
    default: 30
  retries:
    description: How many times a request is repeated after a network error, a timeout, or HTTP status 429, 500, 502,
      503, 504. The delays are random and grow up to 30 seconds. A C(Retry-After) of up to 30 seconds is respected.
    type: int
    default: 5
requirements:
  - "The Python library requests, for the Python that runs the module or the inventory plugin"
notes:
  - The credentials are O(auth_token), or O(access_key) with O(secret_key) and optionally O(security_token), or
    O(username) with O(password) and O(domain_name). The first complete set is used. An incomplete set is an error,
    unless a set before it is complete.
  - If neither options nor environment contain credentials, the profile file of the SDKs is read (see O(profile)), and
    then the agency of the server is read from C(http://169.254.169.254), which takes three seconds without a response.
  - An option that is set but empty is an error. An environment variable that is empty counts as not set.
  - If any credential is set as an option, none is taken from the environment. In the environment, only variables of
    one family are used together, C(HUAWEICLOUD_SDK_*), C(CLOUD_SDK_*), C(HW_*) or C(ANSIBLE_HWC_*).
  - A module reads the environment of the host where it runs, usually C(localhost).
  - Redirects are never followed, and C(.netrc) is never read. The environment variables E(HTTPS_PROXY) and
    E(NO_PROXY) set a proxy, for C(https) only.
"""

    INVENTORY: str = _with_variables(DOCUMENTATION)
    CERTIFICATES: str = _only(DOCUMENTATION, "validate_certs", "ca_path")
