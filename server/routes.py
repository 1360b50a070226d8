"""The whole URL map of the API, in the order of its documents: path below ``/api``, and the class that answers.

``{name}`` is a text, ``{name:int}`` a number, ``{name:rest}`` everything that follows. Both forms, with and without the
slash at the end, are served. A class is imported at the first request of its path.
"""

from __future__ import annotations

from server.web.router import Route

ROUTES: tuple[Route, ...] = (
    Route("/auth/login/", "server.features.users.handlers:Login"),
    Route("/auth/logout/", "server.features.users.handlers:Logout"),
    Route("/entry_list/", "server.features.entry_list.handlers:EntryLists"),
    Route("/entry_list/{list_id:int}/", "server.features.entry_list.handlers:OneEntryList"),
    Route("/entry_list/{list_id:int}/entries/", "server.features.entry_list.handlers:Entries"),
    Route("/entry_list/{list_id:int}/entries/batch", "server.features.entry_list.handlers:EntriesBatch"),
    Route("/entry_list/{list_id:int}/entries/{entry_id:int}/", "server.features.entry_list.handlers:OneEntry"),
    Route("/format_check/", "server.web.resources.format_check:FormatCheck"),
    Route("/history/", "server.features.history.handlers:History"),
    Route("/inject/", "server.features.tasks._execute:Inject"),
    Route("/inject/params/", "server.features.tasks._execute:InjectParams"),
    Route("/movie_list/", "server.features.movie_list.handlers:MovieLists"),
    Route("/movie_list/identifiers/", "server.features.movie_list.handlers:Identifiers"),
    Route("/movie_list/{list_id:int}/", "server.features.movie_list.handlers:OneMovieList"),
    Route("/movie_list/{list_id:int}/movies/", "server.features.movie_list.handlers:Movies"),
    Route("/movie_list/{list_id:int}/movies/batch", "server.features.movie_list.handlers:MoviesBatch"),
    Route("/movie_list/{list_id:int}/movies/{movie_id:int}/", "server.features.movie_list.handlers:OneMovie"),
    Route("/pending_list/", "server.features.pending_list.handlers:PendingLists"),
    Route("/pending_list/{list_id:int}/", "server.features.pending_list.handlers:OnePendingList"),
    Route("/pending_list/{list_id:int}/entries/", "server.features.pending_list.handlers:PendingEntries"),
    Route("/pending_list/{list_id:int}/entries/batch", "server.features.pending_list.handlers:PendingBatch"),
    Route(
        "/pending_list/{list_id:int}/entries/{entry_id:int}/", "server.features.pending_list.handlers:OnePendingEntry"
    ),
    Route("/plugins/", "server.web.resources.plugins:Plugins"),
    Route("/plugins/{plugin_name}/", "server.web.resources.plugins:OnePlugin"),
    Route("/schedules/", "server.features.schedules.handlers:Schedules"),
    Route("/schedules/{schedule_id:int}/", "server.features.schedules.handlers:OneSchedule"),
    Route("/schema/", "server.web.resources.schema:Schemas"),
    Route("/schema/{path:rest}/", "server.web.resources.schema:OneSchema"),
    Route("/seen/", "server.features.seen.handlers:Seen"),
    Route("/seen/{seen_entry_id:int}/", "server.features.seen.handlers:SeenEntryResource"),
    Route("/server/config/", "server.web.resources.server:Config"),
    Route("/server/crash_logs/", "server.web.resources.server:CrashLogs"),
    Route("/server/dump_threads/", "server.web.resources.server:Threads"),
    Route("/server/log/", "server.web.resources.log:Log"),
    Route("/server/manage/", "server.web.resources.server:Manage"),
    Route("/server/pid/", "server.web.resources.server:Pid"),
    Route("/server/raw_config/", "server.web.resources.server:RawConfig"),
    Route("/server/version/", "server.web.resources.server:Version"),
    Route("/tasks/", "server.features.tasks.handlers:Tasks"),
    Route("/tasks/execute/", "server.features.tasks._execute:Execute"),
    Route("/tasks/execute/params/", "server.features.tasks._execute:ExecuteParams"),
    Route("/tasks/queue/", "server.features.tasks.handlers:Queue"),
    Route("/tasks/{task}/", "server.features.tasks.handlers:OneTask"),
    Route("/user/", "server.features.users.handlers:User"),
    Route("/user/token/", "server.features.users.handlers:Token"),
    Route("/variables/", "server.features.variables.handlers:Variables"),
    # beyond the reference
    Route("/schedules/status/", "server.features.schedules.handlers:ScheduleStatus"),
    Route("/schedules/{schedule_id:int}/paused/", "server.features.schedules.handlers:Paused"),
    Route("/user/tokens/", "server.features.users.handlers:NamedTokens"),
    Route("/user/tokens/{name}/", "server.features.users.handlers:NamedToken"),
    Route("/health/", "server.web.resources.health:Health"),
    Route("/setup/", "server.features.users.handlers:Setup"),
    Route("/setup/link/", "server.features.users.handlers:SignInLink"),
    Route("/runs/", "server.features.runs.handlers:Runs"),
    Route("/runs/{run_id:int}/", "server.features.runs.handlers:OneRun"),
    Route("/runs/{run_id:int}/entries/", "server.features.runs.handlers:RunEntries"),
    Route("/runs/{run_id:int}/entries/{n:int}/", "server.features.runs.handlers:RunEntry"),
    Route("/config/check/", "server.features.config.handlers:Check"),
    Route("/config/effective/", "server.features.config.handlers:Effective"),
    Route("/config/versions/", "server.features.config.handlers:Versions"),
    Route("/config/versions/{version}/", "server.features.config.handlers:OneVersion"),
    Route("/config/versions/{version}/diff/", "server.features.config.handlers:VersionDiff"),
    Route("/config/versions/{version}/restore/", "server.features.config.handlers:RestoreVersion"),
    # for the same user's commands on the same machine
    Route("/control/changed/", "server.control:Changed"),
    Route("/control/execute/", "server.control:Execute"),
    Route("/control/stop/", "server.control:Stop"),
    Route("/swagger.json", "server.web.resources.documents:Swagger"),
    Route("/openapi.json", "server.web.resources.documents:OpenApi"),
)
