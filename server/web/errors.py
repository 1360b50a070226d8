"""What can go wrong in a request, raised where it is known and turned into JSON in one place (``exchange.py``).

Two shapes, as clients of the reference expect them: errors of an endpoint carry ``{"message", "status": "Error",
"status_code"}`` (:class:`ApiError` and most below), errors of the plumbing before it only ``{"message"}``
(:class:`PlainError`). Bad query parameters add ``errors``, bad bodies ``validation_errors``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from http import HTTPStatus
from typing import Any


class ApiError(Exception):
    """An answer other than success; ``extra`` keys are put beside the message, ``headers`` on the answer."""

    status_code: int = 500

    def __init__(
        self, message: str, *, headers: Mapping[str, str] | None = None, extra: Mapping[str, Any] | None = None
    ) -> None:
        super().__init__(message)
        self.message = message
        self.headers = dict(headers or {})
        self.extra = dict(extra or {})

    def body(self) -> dict[str, Any]:
        """The JSON object to answer with."""
        return {**self.extra, "message": self.message, "status": "Error", "status_code": self.status_code}


class BadRequest(ApiError):
    """400: the request is understood and refused (a name in use, a wrong value, a state already reached)."""

    status_code = 400


class LoginFailed(ApiError):
    """401 of the sign-in itself: wrong name or password."""

    status_code = 401


class NotFound(ApiError):
    """404: no such record, page or path."""

    status_code = 404


class Conflict(ApiError):
    """409: it exists already, or the configuration does not allow it."""

    status_code = 409


class PreconditionFailed(ApiError):
    """412: ``If-Match`` names another version than the one that is there."""

    status_code = 412

    def __init__(self, message: str = "the ETag given does not match the current one") -> None:
        super().__init__(message)


class BodyInvalid(ApiError):
    """422: the body is JSON, but not what the endpoint's schema asks for. Lists every error."""

    status_code = 422

    def __init__(self, errors: Sequence[Mapping[str, Any]]) -> None:
        super().__init__("validation error", extra={"validation_errors": list(errors)})


class TooManyAttempts(ApiError):
    """429: too many failed sign-ins from this address; ``seconds`` until the next try is looked at."""

    status_code = 429

    def __init__(self, seconds: int) -> None:
        super().__init__(
            f"too many failed attempts to sign in from your address: try again in {seconds} seconds",
            headers={"Retry-After": str(seconds)},
        )


class InternalError(ApiError):
    """500: something failed that the user cannot mend by asking differently."""

    status_code = 500


class Unavailable(ApiError):
    """503: not now (the database cannot be used, the daemon is stopping)."""

    status_code = 503


class PlainError(ApiError):
    """An error found before the endpoint is reached: its body is ``{"message"}`` alone."""

    def __init__(self, status_code: int, message: str, *, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(message, headers=headers)
        self.status_code = status_code

    def body(self) -> dict[str, Any]:
        return {"message": self.message}


class QueryInvalid(ApiError):
    """400 of query parameters: what is wrong with each of them."""

    status_code = 400

    def __init__(self, errors: Mapping[str, str]) -> None:
        names = ", ".join(f"`{name}`" for name in errors)
        super().__init__(f"the query is not valid: see {names}")
        self.errors = dict(errors)

    def body(self) -> dict[str, Any]:
        return {"errors": self.errors, "message": self.message}


def not_signed_in() -> PlainError:
    """401 of every path but the free ones."""
    return PlainError(
        401,
        "sign in first: send `Authorization: Token <token>`, Basic credentials, or the session cookie of /auth/login/",
    )


def not_json_type() -> PlainError:
    """415: the body is announced as something else than JSON."""
    return PlainError(415, "the body must be JSON: send it with `Content-Type: application/json`")


def not_json(why: str) -> PlainError:
    """400: the body is announced as JSON and is none (or none that is taken)."""
    return PlainError(400, f"the body cannot be read as JSON: {why}")


def method_not_allowed(method: str, allowed: Sequence[str]) -> PlainError:
    """405, with the methods that there are."""
    names = ", ".join(allowed)
    return PlainError(405, f"{method} is not allowed here, only {names}", headers={"Allow": names})


def body_too_large(limit: int) -> PlainError:
    """413: longer than ``limit`` bytes."""
    return PlainError(413, f"the body is longer than the {limit} bytes that are taken here")


def head_too_large(limit: int, *, address: bool) -> PlainError:
    """414 (``address``) or 431: more than ``limit`` bytes before the body."""
    what = "the address is" if address else "the headers are"
    return PlainError(414 if address else 431, f"{what} longer than the {limit} bytes that are taken here")


@lru_cache(64)
def reason(status: int) -> str:
    """The words of a status line."""
    return HTTPStatus(status).phrase
