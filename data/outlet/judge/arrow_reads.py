"""Reads GeoParquet with pyarrow and shapely."""
import glob
import json
import os

import pyarrow.parquet as parquet
import shapely

from judging import *

rows = 0
for path in sorted(glob.glob(f"{folder}/*.parquet")):
    name = os.path.basename(path)
    code, layer = name.removesuffix(".parquet").split("-", 1)
    table = parquet.read_table(path)
    about = json.loads(table.schema.metadata[b"geo"])
    column = about["columns"][about["primary_column"]]
    crs = column.get("crs")
    if (crs or {"id": {"code": 4326}})["id"]["code"] != int(code):
        fault(f"{name}: the system is {crs}")
    if table.num_rows != len(layers[layer]):
        fault(f"{name}: {table.num_rows} rows, want {len(layers[layer])}")
    step = 2e-9 if code in ("4490", "4326") else 2e-5
    total = expected = border = 0.0
    for row in table.to_pylist():
        rows += 1
        one = layers[layer][row["id"]]
        shape = shapely.from_wkb(row[about["primary_column"]])
        wanted = shapely.from_wkt(one["wkt"]["4490" if code == "4326" else code])
        if shapely.hausdorff_distance(shape, wanted) > step or not shape.is_valid:
            fault(f"{name} {one['fields']['code']}: the shape is another")
        box = row["bbox"]
        if tuple(shape.bounds) != (box["xmin"], box["ymin"], box["xmax"], box["ymax"]):
            fault(f"{name} {one['fields']['code']}: the box is {box}, of {shape.bounds}")
        total, expected, border = total + shape.area, expected + wanted.area, border + wanted.length
        for field, value in one["fields"].items():
            if field not in row:
                if told(field):
                    fault(f"{name}: no field {field}")
            elif not says(value, row[field]):
                fault(f"{name} {one['fields']['code']}: {field} is {row[field]!r}, want {value!r}")
    if abs(total - expected) > step * max(border, 1e-12):
        fault(f"{name}: {total!r} in all, want {expected!r}")
ended(f"{rows} rows of {len(glob.glob(folder + '/*.parquet'))} files")
