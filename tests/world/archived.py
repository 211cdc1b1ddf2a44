"""Archives of columns, changed by a test as a fault or a stranger would."""

import io
import json
import zipfile

import numpy as np


def changed(path, head, change):
    """Change members of an archive, and a head of it by its name; `change` is given both by name."""
    with zipfile.ZipFile(path) as archive:
        members = {
            name.removesuffix(".npy"): np.load(io.BytesIO(archive.read(name))) for name in archive.namelist()
        }
    said = json.loads(members[head].tobytes())
    change(members, said)
    members[head] = np.frombuffer(json.dumps(said).encode(), dtype=np.uint8)
    with zipfile.ZipFile(path, "w") as archive:
        for name, column in members.items():
            out = io.BytesIO()
            np.save(out, column)
            archive.writestr(f"{name}.npy", out.getvalue())


def put(name, at, number):
    """Return a change of one number of a column."""

    def change(members, head):
        size = head["blocks"].get(name)
        its, place = (f"{name}@{at // size}", at % size) if size else (name, at)
        if key := next((key for key in (its, f"{its}+") if key in members), ""):
            wide = np.promote_types(members[key].dtype, np.min_scalar_type(number))
            members[key] = members[key].astype(wide)
        column = members[key] if key else head["short"][name]
        column[place] = number

    return change
