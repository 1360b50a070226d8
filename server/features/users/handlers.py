"""Signing in and out, the password, tokens, and the first set-up."""

from __future__ import annotations

from contextlib import nullcontext
from typing import TYPE_CHECKING, Any

from server.features.users.model import Accounts, NoToken
from server.web.call import Call
from server.web.endpoint import (
    SUCCESS,
    Answer,
    Boolean,
    Resource,
    Shape,
    array,
    delete,
    get,
    obj,
    post,
    put,
    success,
)
from server.web.errors import BadRequest, Conflict, LoginFailed, NotFound, PlainError
from server.web.passwords import WeakPassword
from server.web.security import refuse_foreign_write
from server.web.shapes import BOOLEAN, DATE, TEXT

if TYPE_CHECKING:
    from server.engine.services import Services
    from server.web.endpoint import Web

TOKEN = Shape("token", obj({"token": TEXT}))
NAMED_TOKEN = Shape("named_token", obj({"name": TEXT, "read_only": BOOLEAN, "added": DATE}))
NEW_TOKEN = Shape("new_token", obj({"name": TEXT, "read_only": BOOLEAN, "token": TEXT}))
SETUP = Shape("setup", obj({"user": TEXT, "password_set": BOOLEAN, "signed_in": BOOLEAN}))
LINK = Shape("sign_in_link", obj({"code": TEXT, "path": TEXT}))

NOT_SET_YET = "no password is set yet: set one by `flexget web passwd`, or open the link that `flexget web link` prints"

PASSWORD = {"type": "string", "maxLength": 1024}


class _AccountResource(Resource):
    def __init__(self, services: Services, web: Web) -> None:
        super().__init__(services, web)
        self.accounts: Accounts = services.users

    def set_password(self, password: str) -> None:
        """Keep it, or say why not."""
        try:
            self.accounts.set_password(password)
        except WeakPassword as error:
            raise BadRequest(str(error)) from None


class Login(_AccountResource):
    """Sign in with name and password."""

    tag = "auth"

    @post(
        "Sign in",
        query=[Boolean("remember", "keep the sign-in for a year, by a second cookie", default=False)],
        body=obj({"username": TEXT, "password": PASSWORD}, extra=False),
        returns=SUCCESS,
        errors=(401, 429),
        auth=False,
    )
    async def login(self, call: Call, body: dict[str, Any], remember: bool) -> Answer:
        """Sets the cookie `session`, and with `remember` also `flexget.token`."""
        authenticator = self.web.authenticator
        if not await authenticator.sign_in(call, body["username"], body["password"]):
            raise LoginFailed("wrong user name or password" if self.accounts.has_password else NOT_SET_YET)
        cookies = [authenticator.session_cookie(call)]
        if remember:
            cookies.append(authenticator.remember_cookie(call))
        done = success("signed in")
        return Answer(done.data, done.status, cookies=tuple(cookies))


class Logout(Resource):
    """Sign out."""

    tag = "auth"

    @post("Sign out", returns=SUCCESS, auth=False, instant=True)
    def logout(self, call: Call) -> Answer:
        """Takes both cookies away; needs no sign-in."""
        done = success("signed out")
        return Answer(done.data, done.status, cookies=self.web.authenticator.clearing_cookies(call))


class User(_AccountResource):
    """The user's password."""

    tag = "user"

    @put("Change the password", body=obj({"password": PASSWORD}, extra=False), returns=SUCCESS, errors=(400,))
    def change_password(self, call: Call, body: dict[str, Any]) -> Answer:
        """Ends every session but the one that asks. A password that is easy to guess is refused."""
        self.set_password(body["password"])
        done = success("the password was changed")
        ours = call.identity is not None and call.identity.way == "cookie"
        return Answer(done.data, done.status, cookies=(self.web.authenticator.session_cookie(call),) if ours else ())


class Token(_AccountResource):
    """The main token."""

    tag = "user"

    @get("Show the API token", returns=TOKEN, errors=(404,), full_access=True)
    def show(self) -> dict[str, str]:
        """The token of `Authorization: Token <token>`."""
        try:
            return {"token": self.accounts.token}
        except NoToken as error:
            raise NotFound(str(error)) from None

    @put("Renew the API token", returns=TOKEN)
    def renew(self) -> dict[str, str]:
        """The old token is good for nothing from now on."""
        return {"token": self.accounts.renew_token()}


class NamedTokens(_AccountResource):
    """Tokens besides the main one."""

    tag = "user"

    @get("List the tokens", returns=array(NAMED_TOKEN), full_access=True)
    def list_tokens(self) -> list[dict[str, Any]]:
        """Without the secrets: those are told once, when a token is made."""
        return [
            {"name": token.name, "read_only": token.read_only, "added": token.added} for token in self.accounts.tokens()
        ]

    @post(
        "Make a token",
        body=obj(
            {"name": {"type": "string", "minLength": 1, "maxLength": 100}, "read_only": BOOLEAN},
            required=["name"],
            extra=False,
        ),
        returns=NEW_TOKEN,
        status=201,
        errors=(409,),
    )
    def add(self, body: dict[str, Any]) -> dict[str, Any]:
        """A token of its own for each program that uses the API; `read_only` ones can look and nothing else."""
        read_only = bool(body.get("read_only"))
        try:
            token = self.accounts.add_token(body["name"], read_only=read_only)
        except ValueError as error:
            raise Conflict(str(error)) from None
        return {"name": body["name"], "read_only": read_only, "token": token}


class NamedToken(_AccountResource):
    """One of those tokens."""

    tag = "user"

    @delete("Take a token back", returns=SUCCESS, errors=(404,))
    def remove(self, name: str) -> Answer:
        """Whoever uses it is locked out at once. The main token is renewed instead."""
        if not self.accounts.remove_token(name):
            raise NotFound(f"there is no token `{name}` that could be taken back")
        return success(f"the token `{name}` was taken back")


class Setup(_AccountResource):
    """The first start: is there a password, and setting it once."""

    tag = "setup"

    @get("Whether a password is set, and whether you are signed in", returns=SETUP, auth=False, instant=True)
    def state(self, call: Call) -> dict[str, Any]:
        """What a page needs to know before it shows a sign-in form."""
        signed_in = self.web.authenticator.quick(call) is not None
        return {"user": self.accounts.user, "password_set": self.accounts.has_password, "signed_in": signed_in}

    @post(
        "Set the first password",
        body=obj({"password": PASSWORD, "code": TEXT}, required=["password"], extra=False),
        returns=SUCCESS,
        errors=(401, 403, 409),
        auth=False,
    )
    def first_password(self, call: Call, body: dict[str, Any]) -> Answer:
        """Works once: with the code of the sign-in link, or by whoever came in by it or by the token."""
        if self.accounts.has_password:
            raise Conflict("a password is set already: sign in and change it")
        identity = self.web.authenticator.quick(call)
        if identity is not None and (identity.way == "cookie"):
            refuse_foreign_write(call)
        if identity is not None and identity.read_only:
            raise PlainError(403, "this token may only read")
        with nullcontext(True) if identity else self.accounts.using_code(body.get("code", "")) as welcome:
            if not welcome:
                raise LoginFailed("open the sign-in link that the daemon printed when it started")
            self.set_password(body["password"])
        done = success("the password was set")
        return Answer(done.data, done.status, cookies=(self.web.authenticator.session_cookie(call),))


class SignInLink(_AccountResource):
    """Links that sign in once."""

    tag = "setup"

    @post("Make a one-time sign-in link", returns=LINK, status=201, errors=(403,))
    def make(self, call: Call) -> dict[str, str]:
        """Only over the control channel, that is for programs of the same user on this machine."""
        if call.identity is None or call.identity.way != "trusted":
            raise PlainError(403, "sign-in links are made on the daemon's own machine: run `flexget web link` there")
        code = self.accounts.new_code()
        return {"code": code, "path": f"{self.web.base}/signin/?code={code}"}
