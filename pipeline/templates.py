"""Material's own templates, changed where they leave out what readers need."""

from pathlib import Path

from jinja2 import BaseLoader, Environment

from pipeline.html import once
from proofread.show.ingredients import folder

#: Template -> for each place, (what stands there once, what is to stand there).
PATCHES = {
    # The search is a dialog, and has a name.
    "partials/search.html": [('role="dialog"', 'role="dialog" aria-label="Search"')],
    # A part of the navigation with a page of its own has no label to be named by.
    "partials/nav-item.html": [
        (
            'aria-labelledby="{{ path }}_label" aria-expanded',
            'aria-label="{{ nav_item.title }}" aria-expanded',
        )
    ],
    "base.html": [
        # A description may hold a quotation mark.
        (
            '<meta name="description" content="{{ page.meta.description }}">',
            '<meta name="description" content="{{ page.meta.description | e }}">',
        ),
        # The search ranks pages as we measured it, not as lunr does.
        (
            "assets/javascripts/workers/search.a7633da7.min.js",
            "assets/javascripts/search/worker.js",
        ),
    ],
}


#: The theme's digest -> the environment that has read its templates; a server builds often.
environments: dict[str, Environment] = {}


class Patched(BaseLoader):
    """Loads what another loader does, with our patches."""

    def __init__(self, loader: BaseLoader):
        self.loader = loader

    def get_source(self, environment: Environment, template: str):
        """Return a template. Raises PluginError where Material no longer has what is patched."""
        source, *rest = self.loader.get_source(environment, template)
        for place in PATCHES.get(template, ()):
            source = once(source, *place, template)
        return source, *rest


def patched(env: Environment) -> Environment:
    """Let every template come through the patches."""
    env.loader = Patched(env.loader)
    return env


def kept(env: Environment, config) -> Environment:
    """Return the environment of the build before, if all templates are as they were."""
    theme = folder(Path(config.theme.custom_dir))
    if theme not in environments:
        environments.clear()
    return environments.setdefault(theme, env)
