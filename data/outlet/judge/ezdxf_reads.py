"""Reads the drawing with ezdxf: its audit, units, layers, closed outlines, areas, labels and extended data."""
import re

import ezdxf
from ezdxf import units

from judging import *


def whole(text):
    """A text with the characters that GBK lacks, which stand in it as AutoCAD writes them: UTF-16, half by half."""
    spelled = re.sub(r"\\U\+([0-9A-F]{4})", lambda m: chr(int(m[1], 16)), text)
    return spelled.encode("utf-16", "surrogatepass").decode("utf-16")


doc = ezdxf.readfile(f"{folder}/all.dxf")
audit = doc.audit()
for error in audit.errors + audit.fixes:
    fault(f"audit: {error.message}")
if doc.units != units.M:
    fault(f"$INSUNITS is {doc.units}, want metres")
if doc.encoding != "gbk":
    fault(f"the encoding is {doc.encoding}")
outlines, labels, drawn = {}, set(), 0
own = None
for entity in doc.modelspace():
    drawn += 1
    if entity.dxf.layer not in doc.layers:
        fault(f"{entity}: no such layer: {entity.dxf.layer}")
    if entity.has_xdata("LUODI"):
        own = {}
        for tag in entity.get_xdata("LUODI"):
            if tag.code == 1000:
                name, value = whole(tag.value).split("=", 1)
                own[name.removesuffix("+")] = own.get(name.removesuffix("+"), "") + value
    kind = entity.dxftype()
    if kind == "TEXT":
        labels.add(whole(entity.plain_text()))
    elif kind == "LWPOLYLINE":
        outlines.setdefault(own["id"], []).append((entity.closed, [p[:2] for p in entity.get_points("xy")], own))
    elif kind == "POINT":
        outlines.setdefault(own["id"], []).append((False, [tuple(entity.dxf.location)[:2]], own))
    else:
        fault(f"an entity of another kind: {kind}")
for layer, features in layers.items():
    total = expected = border = 0.0
    for id, one in features.items():
        code, got = one["fields"]["code"], outlines.get(id, [])
        wanted = rings_of(one["wkt"]["4550"])
        area = layer in ("parcels", "zones", "plan-units")
        if len(got) != len(wanted) or farthest([g[1] for g in got], wanted) > 2e-5:
            fault(f"{layer} {code}: {len(got)} outlines, want {len(wanted)}, or corners that lie elsewhere")
            continue
        if any(closed != area for closed, _, _ in got):
            fault(f"{layer} {code}: an outline that is {'open' if area else 'closed'}")
        if area:
            each = sorted((area_of(points) for _, points, _ in got), reverse=True)
            if layer == "parcels":  # an outline and its holes
                each = [each[0]] + [-hole for hole in each[1:]]
                total, expected = total + sum(each), expected + float(one["m2"])
                border += sum(length_of(points + points[:1]) for _, points, _ in got)
        values = got[0][2]
        for name, value in one["fields"].items():
            if not told(name) or value is None:
                continue
            if not says(value, values.get(name)):
                fault(f"{layer} {code}: {name} is {values.get(name)!r}, want {value!r}")
        if layer == "parcels" and code not in labels:
            fault(f"parcels {code}: no label")
    if abs(total - expected) > 2e-5 * max(border, 1):
        fault(f"{layer}: {total!r} m² in all, want {expected!r}")
ended(f"{drawn} entities on {len(doc.layers)} layers, {len(labels)} labels")
