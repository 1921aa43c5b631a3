"""Takes each file in again as an update, as a dry run: every row must be unchanged, so shapes are equal to the step of
the stored grid and fields equal. Not an outside judge, but the way back.

Arguments: the folder of the files, the park, the data folder of its server."""
import os
import subprocess

from judging import *

park, data = sys.argv[2:4]
luodi = os.environ["LUODI"]
survey = f"EPSG:{truth['survey_crs']}"
rows = files = 0


def again(name, layer, crs=None, source=None, but=()):
    """Takes a file in; but are codes that its format can't hold."""
    global rows, files
    args = [luodi, "import", "--lang", "en", "--data", data, "--park", park, "--layer", layer.replace("network-nodes",
            "networks"), "--update", "--dry-run", "--json", f"{folder}/{name}"]
    args += ["--crs", crs] if crs else []
    args += ["--source-layer", source] if source else []
    said = subprocess.run(args, capture_output=True, text=True).stdout
    report = json.loads(said or "{}")
    want = len(layers[layer])
    files, rows = files + 1, rows + report["read"]
    if report.get("fault"):
        fault(f"{name} {layer}: {report['fault']}")
    elif report["read"] != want or report["unchanged"] + len(but) != want:
        fault(f"{name} {layer}: of {want} rows {report['read']} are read, {report['unchanged']} unchanged: "
              f"{report.get('refusals')} {report.get('changes')}"[:500])


unnamed = [one["fields"]["code"] for one in layers["parcels"].values() if set(one["fields"]["code"]) & set(",@=")]
for layer in layers:
    for code in ("4490", "4326", "3857", "4550", "4529"):
        exact = code != "3857"  # 5 decimals of its metres are finer than the grid, but the way there and back isn't
        if exact:
            again(f"{code}.gpkg", layer, source=layer)
            again(f"{code}-shp.zip", layer, source=layer)
            again(f"{code}-{layer}.fgb", layer)
            if layer == "parcels":
                again(f"{code}.csv", layer, crs=f"EPSG:{code}")
                again(f"{code}.geojson", layer)
    if os.path.exists(f"{folder}/gbk-shp.zip"):
        again("gbk-shp.zip", layer, source=layer)
    again("all.dxf", layer, crs=survey, source=layer)
again("parcels.geojsons", "parcels")
again("utf8.txt", "parcels", but=unnamed)
if os.path.exists(f"{folder}/gbk.txt"):
    again("gbk.txt", "parcels", but=unnamed)
again("points.xlsx", "parcels", crs=survey)
if len(layers) == 1:  # of several folders the first that has areas would be read
    again("all.kml", "parcels")
ended(f"{rows} rows of {files} layers taken in again")
