"""``make_html``"""

from __future__ import annotations

import logging

from server.engine.errors import PluginError, RenderError
from server.engine.log import VERBOSE
from server.engine.plugin import Plugin
from server.engine.task import Task
from server.engine.templates import render
from server.plugins.outputs._pages import place_of, template_text, write_whole

logger = logging.getLogger("make_html")


class MakeHtml(Plugin):
    """Writes a web page of a task's entries.

    The template sees ``task``, so ``task.accepted`` are the accepted entries. Templates of one's own are files in
    ``templates/`` beside the config.

    Example::

        make_html:
          file: /var/www/accepted.html
          template: mine
    """

    schema = {
        "type": "object",
        "properties": {
            "file": {
                "type": "string",
                "title": "File",
                "description": "The page to write.",
                "examples": ["/var/www/accepted.html"],
            },
            "template": {
                "type": "string",
                "title": "Template",
                "description": "Name of a file in `templates/`, with or without `.template`.",
                "examples": ["mine"],
            },
        },
        "required": ["file"],
        "additionalProperties": False,
    }
    category = "output"

    def on_task_output(self, task: Task, config: dict[str, str]) -> None:
        """Write the page."""
        text = template_text(task, config.get("template") or "default", fallback="html")
        path = place_of(task, config["file"])
        try:
            page = render(text, {"task": task})
        except RenderError as error:
            raise PluginError(f"the page {path} cannot be made: {error}") from error
        if task.options.test:
            logger.info("Would write %s", path)
            return
        write_whole(path, page)
        logger.log(VERBOSE, "Wrote %s", path)
