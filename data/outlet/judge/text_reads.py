"""Reads the exchange texts, the tables and the GeoJSON with Python's own library alone."""
import csv
import json
import os

from judging import *

read = 0
for name, encoding in (("utf8.txt", "utf-8-sig"), ("gbk.txt", "gbk")):
    if not os.path.exists(f"{folder}/{name}"):
        continue
    raw = open(f"{folder}/{name}", "rb").read()
    text = raw.decode(encoding)
    if text.count("\r\n") != text.count("\n"):
        fault(f"{name}: lines that don't end in CR and LF")
    facts, parcels = {}, {}
    for line in text.split("\r\n"):
        if line.endswith("@"):
            fields = line.split(",")
            rings = {}
            parcels[fields[2]] = (fields, rings)
        elif line.startswith("[") or not line:
            continue
        elif "=" in line:
            key, _, value = line.partition("=")
            facts[key] = value
        else:
            point, ring, north, east = line.split(",")
            rings.setdefault(ring, []).append((float(east) - int(facts["带号"]) * 1_000_000, float(north)))
    if (facts.get("坐标系"), facts.get("几度分带"), facts.get("计量单位")) != ("2000国家大地坐标系", "3", "米"):
        fault(f"{name}: the header says {facts}")
    total = expected = 0.0
    for one in layers["parcels"].values():
        code = one["fields"]["code"]
        written = code.replace(",", "、").replace("@", " ").replace("=", "-")
        found = parcels.get(written)
        if found is None:
            fault(f"{name}: no parcel {written}")
            continue
        read += 1
        fields, rings = found
        if int(fields[0]) != sum(map(len, rings.values())):
            fault(f"{name} {code}: {fields[0]} corners are told, {sum(map(len, rings.values()))} there")
        if (Decimal(fields[1]) * 10000).normalize() != Decimal(one["fields"]["legal_m2"]).normalize():
            fault(f"{name} {code}: {fields[1]} ha, want {one['fields']['legal_m2']} m²")
        for ring in rings.values():
            if ring[0] != ring[-1]:
                fault(f"{name} {code}: a ring that isn't closed")
        if farthest(list(rings.values()), rings_of(one["wkt"]["4550"])) > 2e-5:
            fault(f"{name} {code}: corners that lie elsewhere")
        areas = sorted((area_of(ring[:-1]) for ring in rings.values()), reverse=True)
        total, expected = total + areas[0] - sum(areas[1:]), expected + float(one["m2"])
    if len(parcels) != len(layers["parcels"]):
        fault(f"{name}: {len(parcels)} parcels, want {len(layers['parcels'])}")
    if abs(total - expected) > 0.01 * len(parcels):
        fault(f"{name}: {total!r} m² in all, want {expected!r}")

for row in csv.DictReader(open(f"{folder}/4550.csv", encoding="utf-8-sig", newline="")):
    one = layers["parcels"][row["id"]]
    read += 1
    for field, value in one["fields"].items():
        got = row.get(field)
        if got and got[0] == "'" and isinstance(value, str):  # against formulas: see docs/export.md
            got = got[1:]
        if got is None:
            if told(field):
                fault(f"4550.csv: no field {field}")
        elif not says(value, got):
            fault(f"4550.csv {one['fields']['code']}: {field} is {got!r}, want {value!r}")
    if farthest(rings_of(row["WKT"]), rings_of(one["wkt"]["4550"])) > 2e-5:
        fault(f"4550.csv {one['fields']['code']}: corners that lie elsewhere")

features = json.load(open(f"{folder}/4490.geojson"))["features"]
sequence = [json.loads(line) for line in open(f"{folder}/parcels.geojsons").read().split("\x1e")[1:]]
for name, found in (("4490.geojson", features), ("parcels.geojsons", sequence)):
    if len(found) != len(layers["parcels"]):
        fault(f"{name}: {len(found)} features, want {len(layers['parcels'])}")
    for f in found:
        one = layers["parcels"][f["id"]]
        read += 1
        if farthest(f["geometry"]["coordinates"], rings_of(one["wkt"]["4490"])) > 1e-9:
            fault(f"{name} {one['fields']['code']}: corners that lie elsewhere")
        for field, value in one["fields"].items():
            if field in f["properties"] and not says(value, f["properties"][field]):
                fault(f"{name} {one['fields']['code']}: {field} is {f['properties'][field]!r}, want {value!r}")
ended(f"{read} parcels of texts, tables and GeoJSON")
