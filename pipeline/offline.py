"""The site as a folder that a browser opens from the disk, with ``OFFLINE=1``."""

#: A browser starts no worker from the disk; this lets the search run in a frame instead.
WORKER = "assets/javascripts/iframe-worker.js"


def own_worker(config):
    """Before Material's own plugin would have the same script come from elsewhere."""
    if config.plugins["material/offline"].config.enabled:
        config.extra["polyfills"] = [WORKER]
    return config
