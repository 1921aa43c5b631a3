"""Lets QGIS draw the map tiles of a park by the server's own style, and GDAL read them: each parcel is to have the
colour of its status where its middle lies, and each feature is to come by its id in the tiles of one level. Leaves the
picture, tiles.png, for eyes. JUDGE_URL is the server."""
import math
import os
import tempfile
import urllib.request

os.environ["QT_QPA_PLATFORM"] = "offscreen"
home = tempfile.mkdtemp(prefix="luodi-qgis-")  # settings and caches of nobody's desktop
os.environ["HOME"] = os.environ["QGIS_CUSTOM_CONFIG_PATH"] = home

from osgeo import ogr, gdal
from qgis.core import (QgsApplication, QgsCoordinateReferenceSystem, QgsCoordinateTransform, QgsGeometry,
                       QgsMapBoxGlStyleConversionContext, QgsMapBoxGlStyleConverter, QgsMapRendererParallelJob,
                       QgsMapSettings, QgsProject, QgsVectorTileLayer)
from qgis.PyQt.QtCore import QSize
from qgis.PyQt.QtGui import QColor

from judging import *

gdal.UseExceptions()
app = QgsApplication([], False)
app.initQgis()
base, park = os.environ["JUDGE_URL"], os.path.basename(folder)
layers = {name: {id: one for id, one in all.items() if one["fields"]["publication"] == "public"}
          for name, all in layers.items()}  # what the tiles of the public have


def read(path):
    return urllib.request.urlopen(base + path).read()


def drawn(collection):
    """A collection as a person adds it to QGIS: by the template of its tiles and the address of its style."""
    layer = QgsVectorTileLayer(f"type=xyz&zmin=0&zmax=18&url={base}/tiles/{collection}/{{z}}/{{x}}/{{y}}?park%3D{park}",
                               collection)
    style = read(f"/ogc/collections/{collection}/styles/luodi?f=mbs").decode()
    reader = QgsMapBoxGlStyleConverter()
    if reader.convert(style, QgsMapBoxGlStyleConversionContext()) != QgsMapBoxGlStyleConverter.Success:
        fault(f"{collection}: its style: {reader.errorMessage()}")
    for warning in reader.warnings():
        fault(f"{collection}: its style: {warning}")
    if not layer.isValid():
        fault(f"{collection}: no layer: {layer.error().message()}")
    layer.setRenderer(reader.renderer())
    return layer, json.loads(style)


def colours(style):
    """What a style fills with by the value of its property: the match expression, as written."""
    match = style["layers"][0]["paint"]["fill-color"]
    return match[1][1], {value: colour for labels, colour in zip(match[2:-1:2], match[3:-1:2]) for value in
                         ([labels] if isinstance(labels, str) else labels)}


def picture(layers, extent, size):
    settings = QgsMapSettings()
    settings.setLayers(layers)
    settings.setDestinationCrs(QgsCoordinateReferenceSystem("EPSG:3857"))
    settings.setOutputSize(size)
    settings.setBackgroundColor(QColor("white"))
    settings.setExtent(extent)
    settings.setFlag(QgsMapSettings.Antialiasing, False)
    job = QgsMapRendererParallelJob(settings)
    job.start()
    job.waitForFinished()
    for error in job.errors():
        fault(f"drawing: {error.message}")
    return job.renderedImage(), settings.mapToPixel()


def judge_picture():
    """Parcels have the colour of their status."""
    to_map = QgsCoordinateTransform(QgsCoordinateReferenceSystem("EPSG:4490"), QgsCoordinateReferenceSystem("EPSG:3857"),
                                    QgsProject.instance())
    shapes = {id: QgsGeometry.fromWkt(one["wkt"]["4490"]) for id, one in layers["parcels"].items()}
    for shape in shapes.values():
        shape.transform(to_map)
    extent = QgsGeometry.collectGeometry(list(shapes.values())).boundingBox()
    extent.grow(20)
    parcels, style = drawn("parcels")
    field, want = colours(style)
    image, place = picture([parcels], extent, QSize(2400, round(2400 * extent.height() / extent.width())))
    status = {f["id"]: f["properties"][field] for f in
              json.loads(read(f"/ogc/collections/parcels/items?park={park}&limit=10000"))["features"]}
    looked = 0
    for id, shape in shapes.items():
        middle = shape.poleOfInaccessibility(1)
        if middle[1] < 3 * place.mapUnitsPerPixel():
            continue  # too thin to be looked for in a pixel
        at = place.transform(middle[0].asPoint())
        got = QColor(image.pixel(round(at.x()), round(at.y()))).name()
        looked += 1
        if got != want[status[id]]:
            fault(f"parcel {layers['parcels'][id]['fields']['code']} is {got}, want {want[status[id]]}: {status[id]}")
    others = [drawn(c)[0] for c in ("network-nodes", "networks") if c in layers] + [parcels]
    picture(others, extent, QSize(1200, round(1200 * extent.height() / extent.width())))[0].save(f"{folder}/tiles.png")
    return looked


def tiles_around(points, z):
    """The tiles of a level in which points lie."""
    n = 2 ** z
    return {(int((lon + 180) / 360 * n), int((1 - math.asinh(math.tan(math.radians(lat))) / math.pi) / 2 * n))
            for lon, lat in points}


def judge_tiles(collection, z):
    """All features come in the tiles, with their values, by what GDAL reads."""
    want = layers[collection]
    points = [p for one in want.values() for ring in rings_of(one["wkt"]["4490"]) for p in ring]
    found = {}
    for x, y in tiles_around(points, z):
        answer = urllib.request.urlopen(f"{base}/tiles/{collection}/{z}/{x}/{y}.mvt?park={park}")
        if answer.status != 200:
            continue
        path = f"{home}/{collection}-{z}-{x}-{y}.mvt"
        open(path, "wb").write(answer.read())
        tile = gdal.OpenEx(f"MVT:{path}", gdal.OF_VECTOR, open_options=[f"X={x}", f"Y={y}", f"Z={z}"])
        layer = tile.GetLayerByName(collection)
        if layer is None:
            continue
        for feature in layer:
            values = feature.items()
            if values.get("id"):
                found.setdefault(values["id"], []).append(values)
            if not feature.GetGeometryRef() or feature.GetGeometryRef().IsEmpty():
                fault(f"{collection} {z}/{x}/{y}: a feature without a shape")
    for id in want.keys() - found.keys():
        fault(f"{collection} {want[id]['fields']['code']}: in no tile of level {z}")
    for id, pieces in found.items():
        if id not in want:
            fault(f"{collection}: an id that the database doesn't have: {id}")
            continue
        for values in pieces:
            for name, got in values.items():
                value = want[id]["fields"].get(name)
                if name in want[id]["fields"] and name != "park" and not says(value, got):
                    fault(f"{collection} {want[id]['fields']['code']}: {name} is {got!r}, want {value!r}")
    return len(found)


looked = judge_picture()
read_ = {c: judge_tiles(c, 17) for c in layers}
if looked < len(layers["parcels"]) / 2:
    fault(f"of {len(layers['parcels'])} parcels {looked} are large enough to be looked at")
ended(f"{looked} parcels by their colour in QGIS, " + ", ".join(f"{n} {c}" for c, n in read_.items()) + " by GDAL")
