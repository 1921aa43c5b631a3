"""Opens the workbooks with LibreOffice, lets it write each sheet as CSV, and holds the cells to the database."""
import datetime
import glob
import os
import shutil
import subprocess
import tempfile
from decimal import Decimal

from judging import *


def sheets(path):
    """The cells of each sheet by its name: the values as stored, texts in quotation marks.

    The filter's tokens: comma, quotation mark, UTF-8, from line 1, no formats of columns, any language, quote all
    texts, numbers as such, as stored and not as shown, formulas as such, no blanks removed, all sheets (-1).
    """
    to = tempfile.mkdtemp(prefix="luodi-calc-")
    profile = tempfile.mkdtemp(prefix="luodi-calc-home-")
    try:
        subprocess.run(["soffice", f"-env:UserInstallation=file://{profile}", "--headless", "--norestore",
                        "--convert-to", "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,true,true,false,true,false,-1", "--outdir", to,
                        path], check=True, capture_output=True, timeout=300)
        found = {}
        stem = os.path.basename(path).removesuffix(".xlsx") + "-"
        for name in glob.glob(to + "/*.csv"):
            sheet = os.path.basename(name).removesuffix(".csv").removeprefix(stem)
            found[sheet] = read_typed(open(name, encoding="utf-8").read())
        return found
    finally:
        shutil.rmtree(to)
        shutil.rmtree(profile)


def read_typed(text):
    """Rows of cells, each (is a text, value): the quotation marks tell texts from numbers."""
    rows, row, i = [], [], 0
    while i < len(text):
        if text[i] == '"':
            cell, i = "", i + 1
            while text[i] != '"' or text[i + 1:i + 2] == '"':
                cell += text[i]
                i += 2 if text[i] == '"' else 1
            i += 1
            row.append((True, cell))
        else:
            j = i
            while j < len(text) and text[j] not in ",\n":
                j += 1
            row.append((False, text[i:j]))
            i = j
        if i < len(text) and text[i] == "\n":
            rows.append(row)
            row = []
        i += 1
    return rows


def day(value, cell):
    """Whether a cell is a day that LibreOffice writes in its own way."""
    for form in ("%Y-%m-%d", "%m/%d/%Y", "%m/%d/%y"):
        try:
            if datetime.datetime.strptime(cell, form).date().isoformat() == value:
                return True
        except (ValueError, TypeError):
            pass
    return False


found = sheets(f"{folder}/all.xlsx")
cells = 0
if {titles.get(name) for name in found} != set(layers):
    fault(f"the sheets are {sorted(found)}")
for name, rows in found.items():
    layer = titles.get(name)
    if layer is None:
        continue
    want, heads = layers[layer], [cell for _, cell in rows[2]]
    if rows[0][0][1] != "编号" or rows[1][0][1] != "Id" or heads[0] != "id":
        fault(f"{name}: the heads begin {[r[0] for r in rows[:3]]}")
    body, total = rows[3:-1], rows[-1]
    if len(body) != len(want):
        fault(f"{name}: {len(body)} rows, want {len(want)}")
    for row in body:
        one = want[row[0][1]]["fields"]
        for head, (text, cell) in zip(heads, row):
            if head not in one:
                continue
            cells += 1
            value = one[head]
            if not says(value, cell) and not day(value, cell):
                fault(f"{name} {one['code']}: {head} is {cell!r}, want {value!r}")
            numeric = isinstance(value, (int, float)) or head in ("legal_m2", "computed_m2", "ellipsoid_m2", "width_m",
                                                                   "capacity", "price_cny_per_m2")
            if cell and head not in ("price_on", "effective_from") and text == numeric:
                fault(f"{name} {one['code']}: {head} is a {'text' if text else 'number'}: {cell!r}")
    for head, (_, cell) in zip(heads, total):
        if head in ("legal_m2", "legal_mu"):
            exact = sum(Decimal(one["fields"]["legal_m2"]) for one in want.values() if one["fields"]["legal_m2"])
            exact = mu(exact) if head == "legal_mu" else exact
            if exact and Decimal(cell or 0) != exact:
                fault(f"{name}: {head} is {cell} in all, want {exact}")


corners = 0
(rows,) = sheets(f"{folder}/points.xlsx").values()
by_ring, order = {}, {}
for row in rows[3:]:
    values = [cell for _, cell in row]
    if not values[0]:
        continue
    corners += 1
    for at in (4, 5):
        if row[at][0]:
            fault(f"points.xlsx {values[0]}: a coordinate is a text: {values[at]!r}")
    by_ring.setdefault(values[0], {}).setdefault(tuple(values[1:3]), []).append((float(values[5]), float(values[4])))
for one in layers["parcels"].values():
    code, wanted = one["fields"]["code"], rings_of(one["wkt"]["4550"])
    got = list(by_ring.get(code, {}).values())
    if len(got) != len(wanted) or farthest(got, wanted) > 2e-5:
        fault(f"points.xlsx {code}: the corners aren't the parcel's: {got[:1]}, want {wanted[:1]}")
ended(f"{cells} cells of {len(found)} sheets and {corners} boundary points")
