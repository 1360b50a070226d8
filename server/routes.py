"""The whole URL map of the API, in the order of its documents: path below ``/api``, and the class that answers.

``{name}`` is a text, ``{name:int}`` a number, ``{name:rest}`` everything that follows. Both forms, with and without the
slash at the end, are served. A class is imported at the first request of its path.
"""

from __future__ import annotations

from server.web.router import Route

ROUTES: tuple[Route, ...] = (
    Route("/auth/login/", "server.features.users.handlers:Login"),
    Route("/auth/logout/", "server.features.users.handlers:Logout"),
    Route("/format_check/", "server.web.resources.format_check:FormatCheck"),
    Route("/plugins/", "server.web.resources.plugins:Plugins"),
    Route("/plugins/{plugin_name}/", "server.web.resources.plugins:OnePlugin"),
    Route("/schema/", "server.web.resources.schema:Schemas"),
    Route("/schema/{path:rest}/", "server.web.resources.schema:OneSchema"),
    Route("/server/config/", "server.web.resources.server:Config"),
    Route("/server/crash_logs/", "server.web.resources.server:CrashLogs"),
    Route("/server/dump_threads/", "server.web.resources.server:Threads"),
    Route("/server/log/", "server.web.resources.log:Log"),
    Route("/server/manage/", "server.web.resources.server:Manage"),
    Route("/server/pid/", "server.web.resources.server:Pid"),
    Route("/server/raw_config/", "server.web.resources.server:RawConfig"),
    Route("/server/version/", "server.web.resources.server:Version"),
    Route("/user/", "server.features.users.handlers:User"),
    Route("/user/token/", "server.features.users.handlers:Token"),
    # beyond the reference
    Route("/user/tokens/", "server.features.users.handlers:NamedTokens"),
    Route("/user/tokens/{name}/", "server.features.users.handlers:NamedToken"),
    Route("/health/", "server.web.resources.health:Health"),
    Route("/setup/", "server.features.users.handlers:Setup"),
    Route("/setup/link/", "server.features.users.handlers:SignInLink"),
    Route("/swagger.json", "server.web.resources.documents:Swagger"),
    Route("/openapi.json", "server.web.resources.documents:OpenApi"),
)
