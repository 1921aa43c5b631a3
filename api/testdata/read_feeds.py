"""Reads the feeds with QGIS and prints what it found as a JSON object, a member a check.

Argument: the address of the server. One process for all checks, because QGIS takes seconds to start. Before each check
the server is told its name, so that the caller can tell which requests belong to it.
"""
import json
import os
import sys
import tempfile
import urllib.request

os.environ["QT_QPA_PLATFORM"] = "offscreen"
home = tempfile.mkdtemp(prefix="luodi-qgis-")  # settings and caches of nobody's desktop
os.environ["HOME"] = os.environ["QGIS_CUSTOM_CONFIG_PATH"] = home

from qgis.core import Qgis, QgsApplication, QgsFeatureRequest, QgsRectangle, QgsVectorLayer, QgsWkbTypes

base = sys.argv[1]
app = QgsApplication([], False)
app.initQgis()


def mark(step):
    """Tells the server which check begins."""
    request = urllib.request.Request(base + "/healthz", headers={"X-Request-Id": "step-" + step})
    urllib.request.urlopen(request).read()


def layer(collection, more=""):
    return QgsVectorLayer(f"url='{base}/ogc' typename='{collection}' {more}", collection, "OAPIF")


def read(source, request=None):
    return [f for f in (source.getFeatures(request) if request else source.getFeatures())]


def codes(features):
    return sorted(f["code"] for f in features)


said = {"qgis": Qgis.QGIS_VERSION, "layers": {}}
for name in json.load(urllib.request.urlopen(base + "/ogc/collections?f=json"))["collections"]:
    name = name["id"]
    mark("layer-" + name)
    source = layer(name)
    found = read(source)
    said["layers"][name] = {
        "valid": source.isValid(), "error": source.error().message(), "counted": source.featureCount(),
        "read": len(found), "geometry": QgsWkbTypes.displayString(source.wkbType()),
        "drawn": sum(1 for f in found if f.hasGeometry()), "crs": source.crs().authid(),
        "fields": {f.name(): f.typeName() for f in source.fields()},
    }

mark("paged")
paged = layer("parcels", "pageSize='7' pagingEnabled='true'")
said["paged"] = codes(read(paged))

mark("bbox")
west = layer("parcels", "restrictToRequestBBOX='1'")
box = QgsRectangle(122.021, 37.250, 122.024, 37.2525)
said["bbox"] = codes(read(west, QgsFeatureRequest().setFilterRect(box)))

for step, where in {"equal": "status = 'reserve'", "number": "legal_m2 > 20000",
                    "both": "status = 'available' AND legal_m2 > 20000",
                    "dates": "since >= '2020-01-01T00:00:00Z'"}.items():
    mark(step)
    some = layer("parcels")
    some.setSubsetString(where)
    said[step] = codes(read(some))

mark("sort")
order = QgsFeatureRequest()
order.setOrderBy(QgsFeatureRequest.OrderBy([QgsFeatureRequest.OrderByClause("legal_m2", False)]))
said["sort"] = [f["code"] for f in read(layer("parcels"), order)]

mark("one")
one = read(layer("parcels"))[0]
said["one"] = {"id": one["id"], "since": one["since"].toString("yyyy-MM-ddTHH:mm:ss"),
               "middle": [one.geometry().centroid().asPoint().x(), one.geometry().centroid().asPoint().y()]}

mark("geojson")
plain = QgsVectorLayer(base + "/api/parks/carbon-fibre/parcels.geojson", "plain", "ogr")
said["geojson"] = {"valid": plain.isValid(), "read": plain.featureCount()}
print(json.dumps(said))
