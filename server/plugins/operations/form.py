"""``form``"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin

import requests

from server.engine.errors import PluginError
from server.engine.plugin import EVERYWHERE, Plugin
from server.engine.task import Task
from server.plugins._addresses import host_of

if TYPE_CHECKING:
    from bs4 import Tag

logger = logging.getLogger("form")

Fields = list[tuple[str, str]]

BUTTONS = ("submit", "image")
NOT_SENT = frozenset({"submit", "image", "button", "reset", "file"})


class Form(Plugin):
    """Logs into a site through its form before the task begins; its cookies go along with the task's requests.

    Only forms that work without JavaScript can be sent this way; for others see `cookies`.

    Example::

        form:
          url: http://example.com/login.php
          username: me
          password: "{? password ?}"
    """

    schema = {
        "type": "object",
        "properties": {
            "url": {
                "type": "string",
                "format": "url",
                "title": "URL",
                "description": "The page with the form.",
                "examples": ["http://example.com/login.php"],
            },
            "username": {
                "type": "string",
                "title": "User name",
                "description": "Your name on that site.",
                "examples": ["me"],
            },
            "password": {
                "type": "string",
                "title": "Password",
                "description": "Your password on that site.",
                "examples": ["{? password ?}"],
            },
            "userfield": {
                "type": "string",
                "default": "username",
                "title": "User field",
                "description": "Name of the form's field for the user's name.",
                "examples": ["login"],
            },
            "passfield": {
                "type": "string",
                "default": "password",
                "title": "Password field",
                "description": "Name of the form's field for the password.",
                "examples": ["pass"],
            },
        },
        "required": ["url", "username", "password"],
        "additionalProperties": False,
    }
    category = "operation"
    acts_in = EVERYWHERE

    def on_task_start(self, task: Task, config: dict[str, Any]) -> None:
        """Fetch the page, fill in its form, send it."""
        page = _ask(task, requests.Request("GET", config["url"]))
        form = _form(page, config)
        fields = _filled(form.fields, config)
        if form.method == "GET":
            request = requests.Request("GET", form.target, params=fields)
        elif form.multipart:
            request = requests.Request("POST", form.target, files=[(name, (None, value)) for name, value in fields])
        else:
            request = requests.Request("POST", form.target, data=fields)
        request.headers["Referer"] = page.url
        answer = _ask(task, request)
        if not task.requests.cookies:
            logger.warning("%s set no cookie after the login as %s", host_of(answer.url), config["username"])
        if _asks_again(answer, config):
            logger.warning(
                "%s asks for the password again: check `username` and `password` of `form`", host_of(answer.url)
            )
        else:
            logger.info("Logged in at %s as %s", host_of(answer.url), config["username"])


@dataclass
class _Form:
    """A form as a browser would send it without a change."""

    target: str
    method: str
    multipart: bool
    fields: Fields


def _names(config: dict[str, Any]) -> tuple[str, str]:
    return config.get("userfield", "username"), config.get("passfield", "password")


def _ask(task: Task, request: requests.Request) -> requests.Response:
    """The answer; raises :class:`PluginError`."""
    try:
        return task.requests.request(
            request.method,
            request.url,
            params=request.params,
            data=request.data,
            files=request.files,
            headers=request.headers,
        )
    except requests.RequestException as error:
        raise PluginError(f"cannot log in at {host_of(request.url)}: {error}") from error


def _form(page: requests.Response, config: dict[str, Any]) -> _Form:
    """The page's form with both fields; raises :class:`PluginError` that tells which fields there are."""
    forms = _forms(page)
    wanted = set(_names(config))
    for form in forms:
        if wanted <= {name for name, _ in form.fields}:
            return form
    known = "; ".join(", ".join(name for name, _ in form.fields) or "no fields" for form in forms)
    there = f"its forms have: {known}" if forms else "it has no form at all"
    names = " and ".join(_names(config))
    raise PluginError(
        f"{page.url} has no form with the fields {names} (`userfield` and `passfield` name them); {there}"
    )


def _asks_again(page: requests.Response, config: dict[str, Any]) -> bool:
    wanted = set(_names(config))
    return any(wanted <= {name for name, _ in form.fields} for form in _forms(page))


def _forms(page: requests.Response) -> list[_Form]:
    from bs4 import BeautifulSoup
    from bs4.element import Tag

    soup = BeautifulSoup(page.content, "lxml")
    base = soup.find("base", href=True)
    address = _joined(page.url, str(base["href"])) if isinstance(base, Tag) else page.url
    return [_read(form, address) for form in soup.find_all("form") if isinstance(form, Tag)]


def _joined(base: str, target: str) -> str:
    """An address of the page; one that cannot be read stays, so that who asks there is told of it."""
    try:
        return urljoin(base, target)
    except ValueError:
        return target


def _read(form: Tag, address: str) -> _Form:
    """A form's target and fields (HTML, form submission): its first button counts as the one that is pressed."""
    controls = form.find_all(["input", "select", "textarea", "button"])
    button = next((control for control in controls if _is_button(control)), None)
    fields: Fields = []
    for control in controls:
        if control is button or not _is_button(control):
            fields += _values(control, pressed=control is button)

    def said(name: str, default: str) -> str:
        for tag, key in ((button, f"form{name}"), (form, name)):
            if tag is not None and tag.get(key):
                return str(tag[key]).strip()
        return default

    return _Form(
        target=_joined(address, said("action", address)),
        method=said("method", "get").upper(),
        multipart=said("enctype", "").lower() == "multipart/form-data",
        fields=fields,
    )


def _kind(control: Tag) -> str:
    default = "submit" if control.name == "button" else "text"
    return str(control.get("type", default)).lower()


def _is_button(control: Tag) -> bool:
    return control.name in ("input", "button") and _kind(control) in BUTTONS


def _values(control: Tag, *, pressed: bool) -> Fields:
    """What a control sends: nothing where it has no name or is switched off."""
    name = str(control.get("name") or "")
    if not name or control.has_attr("disabled"):
        return []
    if control.name == "textarea":
        return [(name, control.get_text())]
    if control.name == "select":
        options = control.find_all("option")
        chosen = [option for option in options if option.has_attr("selected")]
        if not chosen and not control.has_attr("multiple"):
            chosen = options[:1]
        return [(name, str(option.get("value", option.get_text(strip=True)))) for option in chosen]
    kind = _kind(control)
    if kind in NOT_SENT and not pressed:
        return []
    if kind in ("checkbox", "radio"):
        return [(name, str(control.get("value", "on")))] if control.has_attr("checked") else []
    if kind == "image":
        return [(f"{name}.x", "0"), (f"{name}.y", "0")]
    return [(name, str(control.get("value", "")))]


def _filled(fields: Fields, config: dict[str, Any]) -> Fields:
    """The fields with name and password in them."""
    user, password = _names(config)
    given = {user: config["username"], password: config["password"]}
    return [(name, given.get(name, value)) for name, value in fields]
