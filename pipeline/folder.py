"""The folder of a site: what a build would write there anyway is left as it is.

MkDocs deletes a site before it writes it anew, nearly all of it as it was. Instead, what is there
is marked, what is written or wanted as it is loses its mark, and what has it at the end is deleted.
"""

import os
import shutil
from pathlib import Path

#: Seconds since 1970: no file is of that time.
MARK = 1
#: (source, target) -> the source's date and size when it was last copied there.
copies = {}


def marked(folder: str) -> None:
    """Mark each file of a site, except those that MkDocs leaves alone as well."""
    for file in _files(folder):
        os.utime(file, (MARK, MARK))


def copied(source_path: str, output_path: str) -> None:
    """Copy a file; one that this process copied, and is there, only gets a new date."""
    source, target = Path(source_path).stat(), Path(output_path)
    stamp = (source.st_mtime_ns, source.st_size)
    known = copies.get((source_path, output_path)) == stamp and target.is_file()
    if known and target.stat().st_size == source.st_size:
        os.utime(target)
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source_path, output_path)
    copies[source_path, output_path] = stamp


def swept(config) -> None:
    """Delete what this build did not write."""
    for file in [file for file in _files(config.site_dir) if file.stat().st_mtime == MARK]:
        file.unlink()
        for folder in file.parents:
            if folder == Path(config.site_dir) or any(folder.iterdir()):
                break
            folder.rmdir()


def _files(folder):
    """List the files below a folder; nothing at its top that is hidden."""
    return [
        Path(at, name)
        for top in sorted(Path(folder).glob("[!.]*"))
        for at, _, names in (os.walk(top) if top.is_dir() else [(folder, (), [top.name])])
        for name in names
    ]
