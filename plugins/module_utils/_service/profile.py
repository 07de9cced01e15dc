# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The profile file of the official SDKs. Its contents are never quoted. Private to this collection."""

from __future__ import annotations

import configparser
import contextlib
import os
from collections.abc import Iterator, Mapping

from .._errors import InvalidOptionError, shown

VARIABLE = "HUAWEICLOUD_SDK_CREDENTIALS_FILE"
SECTION = "basic"
# The names in the file, and the names of the options.
KEYS = {
    "ak": "access_key",
    "sk": "secret_key",
    **{name: name for name in ("security_token", "project_id", "iam_endpoint")},
}
_SECRET = ("sk", "security_token")
_FEDERATED = ("idp_id", "id_token_file")
_ERRORS = (OSError, UnicodeError, configparser.Error)


def profile_path(environ: Mapping[str, str]) -> str | None:
    """Return the path of the profile file, which need not exist; None if HOME is not set either."""
    home = environ.get("HOME")
    return environ.get(VARIABLE) or (os.path.join(home, ".huaweicloud", "credentials") if home else None)


def read_profile(name: str | None, environ: Mapping[str, str]) -> tuple[str, dict[str, str]] | None:
    """Return a section of the profile file, as errors name it, and its values by the names of options.

    Return None if it does not exist and neither file nor section was named.

    Args:
        name: the section, or None for the section that the SDKs read.
        environ: the environment variables, which may name the file.

    Raises:
        InvalidOptionError: a named file or section is missing, the file cannot be read, or it holds no access key.
    """
    path, section = profile_path(environ), name or SECTION
    if path is None:
        if name:
            raise InvalidOptionError(f"profile: its file is not known. Set {VARIABLE}, or HOME, in the environment.")
        return None
    parser = configparser.ConfigParser()
    try:
        _read(parser, path)
        found = {key: value for key, value in parser.items(section) if value} if parser.has_section(section) else None
    except FileNotFoundError:
        if name or environ.get(VARIABLE):
            label = "profile" if name else VARIABLE
            raise InvalidOptionError(f"{label}: the profile file {path} does not exist.") from None
        return None
    except _ERRORS as error:
        raise InvalidOptionError(
            f"The profile file {path} cannot be used: {_reason(error)}. Its contents are not shown."
        ) from None
    if found is None:
        if name:
            raise InvalidOptionError(f"profile: the profile file {path} has no section {shown(name)}.")
        return None
    origin = f"the section {shown(section)} of {path}"
    if all(key in found for key in _FEDERATED):
        raise InvalidOptionError(
            f"{' and '.join(_FEDERATED)}, in {origin}: this collection cannot log in with them. Set ak and sk there"
            " instead, or give other credentials."
        )
    missing = [key for key in ("ak", "sk") if key not in found]
    if missing:
        # The next set could be for another account.
        raise InvalidOptionError(f"The credentials in {origin} are incomplete: without {', '.join(missing)}.")
    return origin, {option: found[key] for key, option in KEYS.items() if key in found}


def profile_secrets(environ: Mapping[str, str]) -> Iterator[str]:
    """Yield the secrets in all sections of the profile file, as far as it can be read."""
    parser, path = configparser.RawConfigParser(strict=False), profile_path(environ)
    with contextlib.suppress(*_ERRORS):
        if path:
            _read(parser, path)
    for section in parser.values():
        yield from (section[key].replace("%%", "%") for key in _SECRET if section.get(key))


def _read(parser: configparser.RawConfigParser, path: str) -> None:
    with open(path, encoding="utf-8-sig") as file:
        parser.read_file(file)


def _reason(error: Exception) -> str:
    """Return why the file cannot be used, without quoting it."""
    if isinstance(error, OSError):
        return error.strerror or type(error).__name__
    if isinstance(error, UnicodeError):
        return "it is not UTF-8"
    if isinstance(error, configparser.InterpolationError):
        return "a % in a value has to be written %%"
    errors = getattr(error, "errors", None)
    line = getattr(error, "lineno", None) or (errors and errors[0][0])
    return f"line {line} is not INI, or repeats an earlier line" if line else "it is not INI"
