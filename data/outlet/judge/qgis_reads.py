"""Loads every file that QGIS can read and holds it to the database: validity, number, system, fields, values, shapes,
areas, styles. Draws the GeoPackage as a picture, park.png, for eyes."""
import csv
import glob
import io
import os
import re
import tempfile
import zipfile

os.environ["QT_QPA_PLATFORM"] = "offscreen"
home = tempfile.mkdtemp(prefix="luodi-qgis-")  # settings and caches of nobody's desktop
os.environ["HOME"] = os.environ["QGIS_CUSTOM_CONFIG_PATH"] = home

from qgis.core import (NULL, QgsApplication, QgsGeometry, QgsMapRendererParallelJob, QgsMapSettings, QgsRectangle,
                       QgsVectorLayer)
from qgis.PyQt.QtCore import QDate, QDateTime, QSize, Qt
from qgis.PyQt.QtGui import QColor

from judging import *

app = QgsApplication([], False)
app.initQgis()
read = set()


def value_of(value):
    """A value as the truth would have it."""
    if value is None or value == NULL:
        return None
    if isinstance(value, QDateTime):
        return value.toUTC().toString("yyyy-MM-ddTHH:mm:ss")
    if isinstance(value, QDate):
        return value.toString("yyyy-MM-dd")
    return value


def judge(path, source, layer, crs, provider="ogr", names=None, whole=True, cut=0, step=None):
    """Holds one layer to the truth. names: of columns that the format shortens; cut: where it ends long texts."""
    what = f"{os.path.basename(path)} {layer}"
    read.add(path)
    q = QgsVectorLayer(source, layer, provider)
    if not q.isValid():
        return fault(f"{what}: not valid: {q.error().message()}")
    if q.crs().authid() != crs:
        fault(f"{what}: the system is {q.crs().authid() or q.crs().toWkt()[:200]}, want {crs}")
    want = layers[layer]
    fields = [f.name() for f in q.fields()]
    features = list(q.getFeatures())
    if len(features) != len(want) or q.featureCount() not in (len(want), -1):
        fault(f"{what}: {len(features)} features, counted {q.featureCount()}, want {len(want)}")
    code = crs.split(":")[1].replace("4326", "4490").replace("CRS84", "4490")
    if step is None:
        step = 2e-9 if code == "4490" else 2e-5
    total = expected = border = 0.0
    for f in features:
        one = want.get(f["id"])
        if one is None:
            fault(f"{what}: an id that the database doesn't have: {f['id']}")
            continue
        for name, value in one["fields"].items():
            name_there = (names or {}).get(name, name)
            if name_there not in fields:
                if whole and told(name):
                    fault(f"{what}: no field {name}")
                continue
            got = value_of(f[name_there])
            if path.endswith(".csv") and isinstance(got, str) and got[:1] == "'":  # against formulas: docs/export.md
                got = got[1:]
            if cut and isinstance(value, (dict, list)) and got and len(got.encode()) > cut - 4:
                continue  # an object as a text that didn't fit: the whole stands in LAYER-long.csv
            if cut and isinstance(value, str) and isinstance(got, str) and len(value.encode()) > cut:
                if not value.startswith(got) or len(got.encode()) < cut - 3:
                    fault(f"{what} {one['fields']['code']}: {name} is cut to {got!r}")
            elif not says(value, got) and not (path.endswith(".fgb") and got == f"{value}T00:00:00"):  # it has no days
                fault(f"{what} {one['fields']['code']}: {name} is {got!r}, want {value!r}")
        shape = f.geometry()
        if not shape.isGeosValid():
            fault(f"{what} {one['fields']['code']}: not valid geometry")
        wkt = one["wkt"][code]
        off = farthest(rings_of(shape.asWkt(17)), rings_of(wkt))
        if off > step:
            fault(f"{what} {one['fields']['code']}: a corner lies {off:g} off")
        plane = QgsGeometry.fromWkt(wkt)
        total, expected, border = total + shape.area(), expected + plane.area(), border + plane.length()
    if abs(total - expected) > step * max(border, 1e-12):
        fault(f"{what}: {total!r} in all, want {expected!r} within {step * border:g}")
    return q, total


def long_texts(path):
    """Holds the texts that a Shapefile cuts to the table beside it that has them whole."""
    archive = zipfile.ZipFile(path)
    for name in archive.namelist():
        if not name.endswith("-long.csv"):
            continue
        table = csv.reader(io.StringIO(archive.read(name).decode("utf-8-sig" if "gbk" not in path else "gbk")))
        long = {v: k for k, v in short_names(path)[name.removesuffix("-long.csv")].items()}
        next(table)  # the heads
        for id, column, text in table:
            one = layers[name.removesuffix("-long.csv")][id]["fields"]
            field = long.get(column, column)
            if field in one and not says(one[field], text):
                fault(f"{os.path.basename(path)} {name} {id}: {field} is {text!r}, want {one[field]!r}")


def styled(path, layer):
    """A layer of a GeoPackage as a person opens it, with the style that the file has."""
    q = QgsVectorLayer(f"{path}|layername={layer}", layer, "ogr")
    message, there = q.loadDefaultStyle()
    if not there:
        fault(f"{os.path.basename(path)} {layer}: no style loads: {message}")
    if not q.labelsEnabled():
        fault(f"{os.path.basename(path)} {layer}: no labels")
    renderer = q.renderer()
    if renderer.type() == "categorizedSymbol":
        shown = {c.value() for c in renderer.categories()}
        here = {f[renderer.classAttribute()] for f in q.getFeatures()}
        if not here <= shown | {""}:
            fault(f"{layer}: no symbol for {here - shown}")
    elif layer != "plan-units":  # these have no classes
        fault(f"{layer}: drawn by {renderer.type()}")
    titles = [q.attributeAlias(i) for i in range(len(q.fields()))]
    if not any(re.search("[一-龥]", t) for t in titles):
        fault(f"{layer}: the titles of fields are {titles}")
    return q


def draw(stack, to, around):
    settings = QgsMapSettings()
    settings.setLayers(stack)
    settings.setBackgroundColor(QColor(Qt.white))
    settings.setOutputSize(QSize(1600, 1200))
    settings.setDestinationCrs(stack[0].crs())
    box = QgsRectangle(around.extent())
    box.scale(1.05)
    settings.setExtent(box)
    job = QgsMapRendererParallelJob(settings)
    job.start()
    job.waitForFinished()
    if job.errors():
        fault(f"drawing: {[e.message for e in job.errors()]}")
    job.renderedImage().save(to)
    return {label.labelText for label in job.takeLabelingResults().labelsWithinRect(box)}


def short_names(path):
    """The columns of a Shapefile by the names they stand for, and the layer's, from fields.txt."""
    found, layer = {}, ""
    for line in zipfile.ZipFile(path).read("fields.txt").decode("utf-8-sig").splitlines():
        if ".shp " in line:
            layer = line.split(".shp ")[0]
        elif " = " in line:
            short, rest = line.split(" = ", 1)
            found.setdefault(layer, {})[rest.split()[0]] = short.strip()
    return found


for code in ("4490", "4326", "3857", "4550", "4529"):
    crs = f"EPSG:{code}"
    for layer in layers:
        judge(f"{folder}/{code}.gpkg", f"{folder}/{code}.gpkg|layername={layer}", layer, crs)
        judge(f"{folder}/{code}-{layer}.fgb", f"{folder}/{code}-{layer}.fgb", layer, crs)
        archive = f"{folder}/{code}-shp.zip"
        judge(archive, f"/vsizip/{archive}/{layer}.shp", layer, crs, names=short_names(archive)[layer], cut=254)
    long_texts(f"{folder}/{code}-shp.zip")
    judge(f"{folder}/{code}.geojson", f"{folder}/{code}.geojson", "parcels", crs)
    judge(f"{folder}/{code}.csv", f"file://{folder}/{code}.csv?encoding=UTF-8&delimiter=,&wktField=WKT&crs={crs}"
          "&detectTypes=no", "parcels", crs, provider="delimitedtext")
archive = f"{folder}/gbk-shp.zip"
for layer in layers if os.path.exists(archive) else ():
    judge(archive, f"/vsizip/{archive}/{layer}.shp", layer, "EPSG:4550", names=short_names(archive)[layer], cut=254)
judge(f"{folder}/parcels.geojsons", f"{folder}/parcels.geojsons", "parcels", "EPSG:4326")
kml = QgsVectorLayer(f"{folder}/all.kml", "kml", "ogr")
subs = [s.split("!!::!!") for s in kml.dataProvider().subLayers()]
if len(subs) != len(layers):
    fault(f"all.kml has the layers {subs}, want {len(layers)}")
for sub in subs:
    layer = titles.get(sub[1])
    if layer is None:
        fault(f"all.kml: a layer of an unknown name: {sub[1]}")
        continue
    judge(f"{folder}/all.kml", f"{folder}/all.kml|layername={sub[1]}", layer, "EPSG:4326")

stack = [styled(f"{folder}/4550.gpkg", layer) for layer in ("network-nodes", "networks", "parcels", "zones",
                                                              "plan-units") if layer in layers]
land = next(q for q in stack if q.name() == "parcels")
labels = draw(stack, f"{folder}/park.png", land)
codes = {one["fields"]["code"] for one in layers["parcels"].values()}
if len(codes & labels) < 0.9 * len(codes):
    fault(f"park.png has {len(codes & labels)} of {len(codes)} labels of parcels")
drawing = QgsVectorLayer(f"{folder}/all.dxf|geometrytype=LineString", "dxf", "ogr")
if not drawing.isValid() or drawing.featureCount() == 0:
    fault("all.dxf: no lines")
draw([drawing], f"{folder}/dxf.png", land)
for sheet in ("all.xlsx", "points.xlsx"):
    book = QgsVectorLayer(f"{folder}/{sheet}", sheet, "ogr")
    if not book.isValid():
        fault(f"{sheet}: not valid")
others = {"truth.json", "park.png", "dxf.png", "plat.pdf", "plat.code", "plat.png", "all.dxf", "all.xlsx", "points.xlsx",
          "utf8.txt", "gbk.txt"}
left = {os.path.basename(p) for p in glob.glob(f"{folder}/*.*") if p not in read} - others
left = {name for name in left if not name.endswith(".parquet")}  # QGIS of Debian 12 has no reader
if left:
    fault(f"not judged: {sorted(left)}")
ended(f"{len(read)} files read, park.png and dxf.png drawn")
