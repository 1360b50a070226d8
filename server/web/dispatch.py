"""From a request to an endpoint's result and on to bytes: routing, sign-in, parameters, body, the method itself.

The order of refusals is that of the reference: unknown origin or host, not signed in (401, unknown paths included),
unknown path (404), method (405), query (400), body (415, 400, 422), and only then the endpoint's own.
"""

from __future__ import annotations

import asyncio
import functools
import logging
import time
from collections.abc import Callable, Coroutine, Iterator, Mapping
from concurrent.futures import Executor
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from server.config.validate import SchemaValidator
from server.storage.errors import StorageError
from server.web.bodies import read_json, schema_errors, with_integers
from server.web.call import Call, Identity
from server.web.endpoint import Endpoint, Resource
from server.web.errors import NotFound, PlainError, Unavailable, method_not_allowed, not_signed_in
from server.web.pagination import Page, PageQuery, page_headers
from server.web.parameters import read_query
from server.web.rendered import AnswerCache, Rendered
from server.web.replies import JSON, Answer, Content, FileAnswer, dump_json
from server.web.security import preflight_headers, refuse_foreign_write
from server.web.streaming import Stream, serve_stream

if TYPE_CHECKING:
    from server.web.app import WebApp
    from server.web.exchange import Exchange

logger = logging.getLogger("web_server")

SLOW = 1.0
"""Seconds of blocking work after which the log tells of it."""

RETRY_SECONDS = 10
"""After which a client may try again where the database could not be used."""

LARGE = 65_536
"""Bytes of a body from which on it is read and checked on a thread."""

Waiting = Coroutine[Any, Any, None]


class Dispatcher:
    """Answers requests below ``/api``. Lives on the loop's thread; blocking endpoints run on ``executor``.

    ``waiting``: threads for what waits for other machines, so that nobody who only needs the database waits with it.
    """

    def __init__(self, app: WebApp, executor: Executor, waiting: Executor) -> None:
        self._app = app
        self._executor = executor
        self._waiting = waiting
        self._cache = AnswerCache()
        self._under_way: dict[tuple[tuple[str, ...], int], asyncio.Event] = {}
        self._schemas: dict[Endpoint, SchemaValidator] = {}

    # -- steps that every request takes -------------------------------------------------------------------------------

    def begin(self, exchange: Exchange) -> Waiting | None:
        """Answer at once where nothing has to be waited for; else return what answers."""
        call = exchange.call
        self._app.check_host(call)
        found = self._app.router.find(call.path)
        if found is None:
            return self._no_resource(exchange)
        mounted, parameters = found
        resource = mounted.resource
        method = "GET" if call.method == "HEAD" else call.method
        if method == "OPTIONS":
            self._preflight(exchange, self._allowed(call, resource))
            return None
        declared = resource.endpoints.get(method)
        if declared is None:
            resource, parameters = self._other(call, method) or (resource, parameters)
            declared = resource.endpoints.get(method)
        if declared.auth if declared else resource.auth:
            identity = self._app.authenticator.quick(call)
            if identity is None:
                if not self._app.authenticator.may_be_slow(call):
                    raise not_signed_in()
                return self._after_sign_in(exchange, lambda: self._serve(exchange, resource, declared, parameters))
            call.identity = identity
        return self._serve(exchange, resource, declared, parameters)

    def _other(self, call: Call, method: str) -> tuple[Resource, dict[str, Any]] | None:
        """Another resource of the path that has the method, and its parameters."""
        found = ((mounted.resource, parameters) for mounted, parameters in self._app.router.all(call.path))
        return next(((resource, values) for resource, values in found if method in resource.endpoints), None)

    def _allowed(self, call: Call, resource: Resource) -> list[str]:
        """The methods of a path, for ``Allow``."""
        others = [mounted.resource for mounted, _ in self._app.router.all(call.path)]
        methods = {"OPTIONS", *(method for one in (resource, *others) for method in one.endpoints)}
        if "GET" in methods:
            methods.add("HEAD")
        return sorted(methods)

    def _serve(
        self, exchange: Exchange, resource: Resource, declared: Endpoint | None, parameters: Mapping[str, Any]
    ) -> Waiting | None:
        call = exchange.call
        if declared is None:
            raise method_not_allowed(call.method, self._allowed(call, resource))
        if call.identity is not None:
            self._check_rights(call, call.identity, declared)
        elif declared.method != "GET" and "Authorization" not in call.headers:
            refuse_foreign_write(call)  # a foreign page signs nobody in or out
        key: tuple[str, ...] = ()
        if declared.groups:
            key = (call.path, call.raw_query, call.scheme, call.host)
            held = self._cache.get(key, self._app.version(declared.groups))
            if held is not None:
                return self._send(exchange, held)
        call.query = read_query(call.raw_query, declared.query)
        if declared.body is not None or not declared.instant:
            return self._work(exchange, resource, declared, parameters, key)
        result = declared.function(resource, **self._arguments(call, declared, parameters, None))
        return self._reply(exchange, declared, result, key, self._app.version(declared.groups) if key else 0)

    async def _after_sign_in(self, exchange: Exchange, then: Callable[[], Waiting | None]) -> None:
        exchange.call.identity = await self._app.authenticator.slow(exchange.call)
        if exchange.call.identity is None:
            raise not_signed_in()
        await _all_of(then())

    async def _work(
        self,
        exchange: Exchange,
        resource: Resource,
        declared: Endpoint,
        parameters: Mapping[str, Any],
        key: tuple[str, ...],
    ) -> None:
        call = exchange.call
        body = None
        if declared.body is not None:
            body = await self._read_body(call, declared)
        # read before the data is: a change in between makes the remembered answer old, never wrong
        version = self._app.version(declared.groups) if key else 0
        if (under_way := self._under_way.get((key, version))) is not None:
            await under_way.wait()
            held = self._cache.get(key, version)
            if held is not None:
                await _all_of(self._send(exchange, held))
                return
        arguments = self._arguments(call, declared, parameters, body)
        with self._alone(key, version):
            if declared.is_async or declared.instant:
                result = declared.function(resource, **arguments)
                if asyncio.iscoroutine(result):
                    result = await (_while_there(exchange, result) if declared.cancel_on_close else result)
            elif resource.atomic and declared.method != "GET":
                result = await self.run(in_one_transaction, declared.function, resource, **arguments)
            else:
                result = await self.run(declared.function, resource, **arguments)
            waiting = self._reply(exchange, declared, result, key, version)
        await _all_of(waiting)

    @contextmanager
    def _alone(self, key: tuple[str, ...], version: int) -> Iterator[None]:
        """Others that ask the same at the same time wait for the answer instead of working it out as well."""
        if not key or (key, version) in self._under_way:
            yield
            return
        done = self._under_way[key, version] = asyncio.Event()
        try:
            yield
        finally:
            del self._under_way[key, version]
            done.set()

    # -- single steps -------------------------------------------------------------------------------------------------

    async def run(self, function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """Blocking work on a storage thread. A database that cannot be used is a 503, slow work is told in the log."""
        started = time.monotonic()
        try:
            return await self._on(self._executor, function, args, kwargs)
        finally:
            took = time.monotonic() - started
            if took > SLOW:
                logger.warning("%s took %.1f s", getattr(function, "__qualname__", function), took)

    async def wait_for(self, function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """Work that waits for other machines, on threads of its own."""
        return await self._on(self._waiting, function, args, kwargs)

    @staticmethod
    async def _on(executor: Executor, function: Callable[..., Any], args: Any, kwargs: Any) -> Any:
        loop = asyncio.get_running_loop()
        try:
            return await loop.run_in_executor(executor, functools.partial(function, *args, **kwargs))
        except StorageError as error:
            raise Unavailable(str(error), headers={"Retry-After": str(RETRY_SECONDS)}) from error

    def _no_resource(self, exchange: Exchange) -> Waiting | None:
        call = exchange.call
        page = self._app.pages.find(call)
        if page is not None:
            return page(exchange)
        if call.method == "OPTIONS":
            raise nothing_at(call)
        identity = self._app.authenticator.quick(call)
        if identity is None and self._app.authenticator.may_be_slow(call):
            return self._after_sign_in(exchange, lambda: self._nothing(call))
        if identity is None:
            raise not_signed_in()
        raise nothing_at(call)

    async def _nothing(self, call: Call) -> None:
        raise nothing_at(call)

    def _preflight(self, exchange: Exchange, allowed: list[str]) -> None:
        headers = preflight_headers(exchange.call, allowed)
        origin = exchange.call.headers.get("Origin")
        if origin:
            headers.append(("Access-Control-Allow-Origin", origin))
        exchange.write(200, [*headers, ("Content-Length", "0")], b"")

    def _check_rights(self, call: Call, identity: Identity, declared: Endpoint) -> None:
        if identity.read_only and (declared.method != "GET" or declared.full_access):
            raise PlainError(403, "this token may only read")
        if declared.method != "GET" and identity.way in ("cookie", "basic"):
            refuse_foreign_write(call)

    async def _read_body(self, call: Call, declared: Endpoint) -> Any:
        content_type = call.headers.get("Content-Type", "")
        large = len(call.body) > LARGE
        body = await self.run(read_json, content_type, call.body) if large else read_json(content_type, call.body)
        schema = self._schemas.get(declared)
        if schema is None:
            schema = self._schemas[declared] = SchemaValidator(declared.body or {})
        fits = await self.run(schema.fits, body) if large else schema.fits(body)
        if not fits:
            raise await self.run(schema_errors, schema, body)
        wanted = declared.body or {}
        return await self.run(with_integers, wanted, body) if large else with_integers(wanted, body)

    @staticmethod
    def _arguments(call: Call, declared: Endpoint, parameters: Mapping[str, Any], body: Any) -> dict[str, Any]:
        wants = declared.wants
        if not wants:
            return {}
        found = {name: value for name, value in parameters.items() if name in wants}
        for name, value in call.query.items():
            if name in wants:
                found[name] = value
        if "body" in wants:
            found["body"] = body
        if "call" in wants:
            found["call"] = call
        if "page" in wants:
            found["page"] = page_query(call)
        return found

    def _reply(
        self, exchange: Exchange, declared: Endpoint, result: Any, key: tuple[str, ...], version: int
    ) -> Waiting | None:
        if isinstance(result, Stream):
            return serve_stream(exchange, result, self._app.stopping)
        if isinstance(result, FileAnswer):
            return self._app.pages.send_file(exchange, result)
        if isinstance(result, Content):
            headers = [(name, value) for name, value in result.headers.items()]
            exchange.send(Rendered(result.status, result.body, result.content_type, headers), cookies=result.cookies)
            return None
        answer = self._render(exchange.call, declared, result)
        cookies = result.cookies if isinstance(result, Answer) else ()
        lasting = not isinstance(result, Answer) or result.lasting
        if key and lasting and not cookies:
            self._cache.put(key, version, answer)
        return self._send(exchange, answer, cookies)

    def _render(self, call: Call, declared: Endpoint, result: Any) -> Rendered:
        status, data = declared.status, result
        headers: list[tuple[str, str]] = []
        pages: list[tuple[str, str]] = []
        if isinstance(result, Answer):
            data = result.data
            status = result.status or declared.status
            headers += result.headers.items()
        if isinstance(data, Page):
            assert declared.paginated is not None  # noqa: S101 - checked where it is declared
            pages = page_headers(data, page_query(call), call.address, call.raw_query, declared.paginated)
            headers += pages
            data = data.items
        if status == 204:
            return Rendered(204, b"", JSON, headers)
        if declared.etag:
            headers.append(("Cache-Control", f"max-age={declared.max_age}"))
            return Rendered(status, dump_json(data), JSON, headers).with_tag(pages)
        return Rendered(status, dump_json(data), JSON, headers)

    def _send(self, exchange: Exchange, answer: Rendered, cookies: tuple[str, ...] = ()) -> Waiting | None:
        if answer.status == 204:
            # clients of the reference find the type on every answer
            exchange.write(204, [("Content-Type", answer.content_type), *answer.headers], b"", cookies)
            return None
        coding = answer.coding(exchange.call.headers.get("Accept-Encoding"))
        if answer.needs_work(coding):
            return self._send_later(exchange, answer, coding, cookies)
        exchange.send(answer, conditional=True, cookies=cookies)
        return None

    async def _send_later(
        self, exchange: Exchange, answer: Rendered, coding: str | None, cookies: tuple[str, ...]
    ) -> None:
        await self.run(answer.coded, coding)
        exchange.send(answer, conditional=True, cookies=cookies)


async def _all_of(waiting: Waiting | None) -> None:
    if waiting is not None:
        await waiting


async def _while_there(exchange: Exchange, work: Coroutine[Any, Any, Any]) -> Any:
    """What ``work`` gives back; it is cancelled when the client goes away."""
    task = asyncio.ensure_future(work)
    exchange.connection.set_close_callback(task.cancel)  # type: ignore[attr-defined]
    return await task


def in_one_transaction(function: Callable[..., Any], resource: Resource, **arguments: Any) -> Any:
    """The method of an ``atomic`` resource: all that it reads and writes is one transaction."""
    with resource.services.db.transaction():
        return function(resource, **arguments)


def nothing_at(call: Call) -> NotFound:
    """404 of a path that leads nowhere."""
    return NotFound(f"there is nothing at {call.path[:200]}")


def page_query(call: Call) -> PageQuery:
    """The page that a request asks for."""
    query = call.query
    return PageQuery(query["page"], query["per_page"], query.get("sort_by", ""), query.get("order", "desc"))
