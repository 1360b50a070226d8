"""One declaration for each endpoint; routing, validation, both API documents and the tests read it.

How to write a resource (one class a path, one method a HTTP method), in ``server/features/<name>/handlers.py``::

    class FailedEntries(Resource):
        tag = "failed"

        @get(
            "List failed entries",
            paginated=Paginated(sort_by=("failure_time", "id", "title"), default="failure_time"),
            returns=array(FAILED),                  # a JSON schema, see shapes.py
            groups=("failed",),                     # unchanged tables: answered from memory, without a query
        )
        def list(self, page: PageQuery) -> Page:
            store = self.services.db.store(FailedStore)
            return Page(*store.page(page.sort_by, page.descending, page.limit, page.offset))

        @delete("Forget all failed entries", returns=SUCCESS)
        def clear(self) -> Answer:
            self.services.db.store(FailedStore).clear()
            return success("all failed entries were removed")

and one line in ``server/routes.py``: ``Route("/failed/", "server.features.failed.handlers:FailedEntries")``.

- **Arguments come by name**, and only those that the method asks for: path parameters
  (``/failed/{failed_entry_id:int}/`` gives ``failed_entry_id: int``), query parameters (``query=[Boolean("forget",
  ...)]``), ``body`` (the validated JSON, when ``body=<schema>`` is declared), ``page`` (:class:`PageQuery`, when
  ``paginated``), ``call`` (the request: ``call.headers``, ``call.identity``, ``call.address`` ...).
- **Plain ``def`` may block** (database, files): it runs on a storage thread. ``instant=True`` promises that it never
  blocks, it then runs on the loop. ``async def`` runs on the loop and hands blocking work to ``await self.run(func,
  ...)``.
- **``atomic = True``** on the class makes each plain ``def`` that is no GET one transaction of the database: of several
  clients that delete the same record, one gets 200 and the others 404. Not where many rows go: tasks would wait.
- **Results**: plain data (the JSON of it, with the declared ``status``); :class:`Page`; :class:`Answer` for another
  status or more headers; ``success("...")`` for the common message; :class:`~server.web.streaming.Stream` and
  :class:`~server.web.replies.FileAnswer` for the rest. Aware datetimes become RFC 1123 dates by themselves.
- **Errors** are raised: ``raise NotFound("no entry with ID 5")``, see ``errors.py``. No handler formats its own.
- ``groups`` lists the change counters (``Database.version``) on which the answer depends, besides path and query:
  name every group that is read, leave it empty where the answer also depends on anything else (the clock, the
  queue). ``"config"`` stands for the loaded configuration, ``"process"`` for what stays as it is while the program
  runs.
- ETag, 304, 412, HEAD, OPTIONS, CORS, compression, the slash at the end: nothing to do, all of it is common.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, Protocol, TypeVar

from server.web.pagination import Page, PageQuery, Paginated
from server.web.parameters import Boolean, Choice, Date, Integer, Parameter, Text
from server.web.replies import Answer, success
from server.web.shapes import SUCCESS, Shape, array, obj

if TYPE_CHECKING:
    import asyncio

    from server.engine.services import Services
    from server.web.auth import Authenticator
    from server.web.router import Router

__all__ = [
    "SUCCESS",
    "Answer",
    "Boolean",
    "Choice",
    "Date",
    "Endpoint",
    "Integer",
    "Page",
    "PageQuery",
    "Paginated",
    "Parameter",
    "Resource",
    "Shape",
    "Text",
    "array",
    "delete",
    "endpoint",
    "get",
    "obj",
    "patch",
    "post",
    "put",
    "success",
]

Method = Callable[..., Any]
M = TypeVar("M", bound=Method)


@dataclass(frozen=True, eq=False)
class Endpoint:
    """What is declared of one method of one path."""

    method: str
    summary: str
    function: Method
    description: str = ""
    query: tuple[Parameter, ...] = ()
    body: dict[str, Any] | None = None
    returns: dict[str, Any] | None = None
    status: int = 200
    errors: tuple[int, ...] = ()
    headers: dict[str, str] = field(default_factory=dict)
    auth: bool = True
    paginated: Paginated | None = None
    groups: tuple[str, ...] = ()
    max_age: int = 0
    hidden: bool = False
    instant: bool = False
    full_access: bool = False
    cancel_on_close: bool = False
    content_type: str = "application/json"
    etag: bool = False
    wants: frozenset[str] = frozenset()

    is_async: bool = False
    """It runs on the loop by itself."""

    @property
    def statuses(self) -> tuple[int, ...]:
        """Every status that this may answer with, in order."""
        found = {self.status, *self.errors}
        if self.auth:
            found.add(401)
        if self.query:
            found.add(400)
        if self.body is not None:
            found |= {400, 413, 415, 422}
        if self.etag:
            found |= {304, 412}
        if self.paginated:
            found.add(404)
        return tuple(sorted(found))


def endpoint(
    method: str,
    summary: str,
    *,
    query: Sequence[Parameter] = (),
    body: dict[str, Any] | None = None,
    returns: dict[str, Any] | None = None,
    status: int = 200,
    errors: Sequence[int] = (),
    headers: dict[str, str] | None = None,
    auth: bool = True,
    paginated: Paginated | None = None,
    groups: Sequence[str] = (),
    max_age: int = 0,
    hidden: bool = False,
    instant: bool = False,
    full_access: bool = False,
    cancel_on_close: bool = False,
    content_type: str = "application/json",
) -> Callable[[M], M]:
    """Declare a method of a :class:`Resource` as an endpoint; see the module's text for what can be said.

    :param errors: statuses that it raises besides those which the rest of the declaration implies
    :param headers: more headers of the answer, name to description
    :param max_age: seconds of ``Cache-Control`` of a GET
    :param hidden: left out of the API documents (kept for clients that know it)
    :param full_access: not for read-only tokens, although it is a GET (it shows secrets, or changes something)
    :param cancel_on_close: an ``async def`` that is cancelled when the client goes away
    :param content_type: of the answer, where it is not JSON (then there is no ETag)
    """
    parameters = (*query, *(paginated.parameters() if paginated else ()))

    def declare(function: M) -> M:
        declared = Endpoint(
            method=method,
            summary=summary,
            function=function,
            description=inspect.getdoc(function) or "",
            query=parameters,
            body=body,
            returns=returns,
            status=status,
            errors=tuple(errors),
            headers=dict(headers or {}),
            auth=auth,
            paginated=paginated,
            groups=tuple(groups),
            max_age=max_age,
            hidden=hidden,
            instant=instant,
            full_access=full_access,
            cancel_on_close=cancel_on_close,
            content_type=content_type,
            etag=method == "GET" and content_type == "application/json",
            is_async=inspect.iscoroutinefunction(function),
            wants=frozenset(list(inspect.signature(function).parameters)[1:]),
        )
        function.__dict__["endpoint"] = declared
        return function

    return declare


def get(summary: str, **declaration: Any) -> Callable[[M], M]:
    """A GET (and with it HEAD)."""
    return endpoint("GET", summary, **declaration)


def post(summary: str, **declaration: Any) -> Callable[[M], M]:
    """A POST."""
    return endpoint("POST", summary, **declaration)


def put(summary: str, **declaration: Any) -> Callable[[M], M]:
    """A PUT."""
    return endpoint("PUT", summary, **declaration)


def patch(summary: str, **declaration: Any) -> Callable[[M], M]:
    """A PATCH."""
    return endpoint("PATCH", summary, **declaration)


def delete(summary: str, **declaration: Any) -> Callable[[M], M]:
    """A DELETE."""
    return endpoint("DELETE", summary, **declaration)


class Web(Protocol):
    """What a resource may ask of the server that it is part of (:class:`server.web.app.WebApp`)."""

    base: str
    """``base_url`` of the config, such as ``/flexget``, or nothing."""
    authenticator: Authenticator
    router: Router
    stopping: asyncio.Event

    async def run(self, function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """Blocking work on a storage thread."""

    async def wait_for(self, function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """Work that waits for other machines: not on a storage thread, of which there are few."""


class Resource:
    """All methods of one path. One object serves all requests: keep nothing of a request on it."""

    tag: ClassVar[str] = ""
    endpoints: ClassVar[dict[str, Endpoint]] = {}
    auth: ClassVar[bool] = True
    """Whether a method that there is not is a secret to those who are not signed in."""
    atomic: ClassVar[bool] = False
    """Whether each plain writing method is one transaction: what it looked at cannot change before it writes."""

    def __init__(self, services: Services, web: Web) -> None:
        self.services = services
        self.web = web
        self.run = web.run
        """``await self.run(function, *args)``: blocking work on a storage thread."""

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        declared = dict(cls.endpoints)
        for name, value in vars(cls).items():
            found = getattr(value, "endpoint", None)
            if isinstance(found, Endpoint):
                declared[found.method] = found
                _check(cls, name, found)
        cls.endpoints = declared
        cls.auth = all(found.auth for found in declared.values())


def _check(cls: type[Resource], name: str, declared: Endpoint) -> None:
    where = f"{cls.__module__}.{cls.__name__}.{name}"
    if "body" in declared.wants and declared.body is None:
        raise TypeError(f"{where} asks for `body` and declares none")
    if "page" in declared.wants and declared.paginated is None:
        raise TypeError(f"{where} asks for `page` and is not declared as paginated")
    if declared.groups and declared.method != "GET":
        raise TypeError(f"{where} declares groups: only the answers of a GET are remembered")
    taken = declared.wants | ({parameter.name for parameter in declared.query} if "call" in declared.wants else set())
    missing = [p.name for p in declared.query if p.name not in taken and not _is_paging(declared, p)]
    if missing:
        raise TypeError(f"{where} declares {', '.join(missing)} and does not take it")


def _is_paging(declared: Endpoint, parameter: Parameter) -> bool:
    return declared.paginated is not None and parameter in declared.paginated.parameters()
