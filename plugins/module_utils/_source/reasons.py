# Copyright (c) 2026, huaweicloud.live contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Why a file cannot be read, for messages. No I/O. Private to this collection."""

from __future__ import annotations

import socket
import ssl
from http.client import BadStatusLine, HTTPException, IncompleteRead, UnknownProtocol, responses

from .._service.exchange import TUNNEL_FAILED, causes, text_of

_ADVICE = {
    # Redirects with a target are followed.
    **dict.fromkeys((301, 302, 303, 307, 308), "the response does not say where the file is"),
    401: "it requires a user and a password, or refuses those in the URL",
    403: "it does not let this machine read the file, or the signature in the URL has expired",
    404: "the file does not exist",
    407: "the proxy requires a user and a password, or refuses those in its address",
    410: "the file does not exist any more",
    429: "it received too many requests",
}
# OpenSSL finds no authority that is trusted: X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT, ..._DEPTH_ZERO_SELF_SIGNED_CERT,
# ..._SELF_SIGNED_CERT_IN_CHAIN, ..._UNABLE_TO_GET_ISSUER_CERT_LOCALLY, ..._UNABLE_TO_VERIFY_LEAF_SIGNATURE.
_NO_AUTHORITY = (2, 18, 19, 20, 21)


def answered(status: int, proxy: str) -> str:
    """Return a message for an HTTP status that is not a success.

    Args:
        status: the status.
        proxy: the environment variable of a proxy that may have answered instead of the server; empty if none may have.
    """
    who = f"the server, or the proxy of {proxy}," if proxy else "the server"
    return f"{who} answers HTTP {_named(status)}{f': {_ADVICE[status]}' if status in _ADVICE else ''}"


def reason_of(error: BaseException) -> str:
    """Return why a request failed, for a message: the first known cause, otherwise the text of the first cause."""
    links = [*causes(error)][::-1]
    return next(filter(None, map(_known, links)), text_of(links[0]))


def _known(error: BaseException) -> str | None:
    """Return a message for an error of the system or of a library; None if its own text is clear."""
    if isinstance(error, socket.gaierror):
        return f"this machine cannot resolve the host name ({error.strerror})"
    if isinstance(error, ConnectionRefusedError):
        return "the connection was refused: no server listens at this host and port, or a firewall refuses it"
    if isinstance(error, ssl.SSLError):
        return _of_tls(error)
    if isinstance(error, (ConnectionResetError, BrokenPipeError)):
        return "the server closed the connection before it answered"
    if isinstance(error, HTTPException):
        return _of_http(error)
    tunnel = TUNNEL_FAILED.search(str(error))
    return f"it answers HTTP {_named(int(tunnel[1]))}" if tunnel else None


def _of_tls(error: ssl.SSLError) -> str:
    if not isinstance(error, ssl.SSLCertVerificationError):
        hint = ". This port may be one for http URLs" if error.reason == "WRONG_VERSION_NUMBER" else ""
        return f"the TLS connection to the server failed ({error.reason or error.strerror}){hint}"
    wrong, advice = "valid", "Renew or correct it, or set"
    # ca_path does not help if a certificate has expired, or belongs to another host.
    if error.verify_code in _NO_AUTHORITY:
        wrong, advice = "trusted", "Set ca_path to the file with the certificate of its authority, or"
    return (
        f"its certificate is not {wrong} ({error.verify_message.rstrip('.')}). {advice} validate_certs to false."
        " The service may not trust it either"
    )


def _of_http(error: HTTPException) -> str:
    if isinstance(error, (BadStatusLine, UnknownProtocol)):
        return "the server does not answer in HTTP"
    if isinstance(error, IncompleteRead):
        return "the connection broke off, or the response has malformed chunks"
    return f"the response is not valid HTTP ({error})"


def _named(status: int) -> str:
    """Return an HTTP status with its name."""
    return f"{status} ({responses[status]})" if status in responses else str(status)
