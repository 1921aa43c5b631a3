"""What the judges share: what the database has, and how a finding is told."""
import json
import math
import re
import sys
from decimal import ROUND_HALF_UP, Decimal

folder = sys.argv[1]
truth = json.load(open(f"{folder}/truth.json"), parse_float=str)
layers = truth["layers"]
titles = {"地块": "parcels", "功能区": "zones", "规划单元": "plan-units", "道路与管网": "networks",
          "管网节点": "network-nodes"}  # what files in Chinese call the layers
faults = 0


def fault(what):
    """Tells a fault; of many the first thirty."""
    global faults
    faults += 1
    if faults <= 30:
        print("  FAULT", what)


def ended(said):
    """Tells what was read, and ends the judge."""
    print(f"  {said}: {'no faults' if not faults else str(faults) + ' faults'}")
    sys.exit(1 if faults else 0)


def number(value):
    """The number that a value or its text stands for; None if none."""
    try:
        return float(value)
    except (TypeError, ValueError):
        return None


def says(value, got):
    """Whether what was read is a value of the database, whatever type the format has for it."""
    if value is None:
        return got is None or got == ""
    if isinstance(value, (dict, list)):
        if isinstance(got, str):
            got = json.loads(got)
        return plain(value) == plain(got)
    if isinstance(value, bool):
        return got in (value, int(value), str(value).lower(), "T" if value else "F", "1" if value else "0")
    if str(got) == str(value):
        return True
    numeric = isinstance(value, (int, float)) or re.fullmatch(r"-?\d+\.\d+", value)  # the truth's fractions are texts
    return bool(numeric) and number(got) is not None and math.isclose(number(got), number(value), rel_tol=1e-12,
                                                                      abs_tol=1e-9)


def plain(value):
    """A JSON value with numbers as such, so that 1, 1.0 and "1.0" of the truth are one."""
    if isinstance(value, dict):
        return {k: plain(v) for k, v in value.items()}
    if isinstance(value, list):
        return [plain(v) for v in value]
    if isinstance(value, str) and re.fullmatch(r"-?\d+\.\d+", value):
        return float(value)
    return float(value) if isinstance(value, int) and not isinstance(value, bool) else value


def rings_of(wkt):
    """The rings or lines of a well-known text, as lists of pairs."""
    flat = re.findall(r"\(([^()]+)\)", wkt)
    return [[tuple(map(float, pair.split()[:2])) for pair in ring.split(",")] for ring in flat]


def area_of(ring):
    """The area of a ring, reckoned from its first corner so that large eastings cost nothing."""
    x0, y0 = ring[0]
    return abs(math.fsum((a[0] - x0) * (b[1] - y0) - (b[0] - x0) * (a[1] - y0)
                         for a, b in zip(ring, ring[1:] + ring[:1]))) / 2


def length_of(ring):
    return math.fsum(math.dist(a, b) for a, b in zip(ring, ring[1:]))


def farthest(a, b):
    """How far the corners of two sets of rings lie apart at most, each to the nearest of the other."""
    a, b = [p for ring in a for p in ring], [p for ring in b for p in ring]
    one = max(min(math.dist(p, q) for q in b) for p in a)
    return max(one, max(min(math.dist(p, q) for q in a) for p in b))


def mu(m2):
    """Square metres, as a decimal text, in mu (2000/3 m²), rounded to the hundredth: exact."""
    return (Decimal(m2) * 3 / 2000).quantize(Decimal("0.01"), ROUND_HALF_UP)


def told(name):
    """Whether a column of the database stands in files: the marks of what the public is told don't."""
    return not name.endswith("_told")
