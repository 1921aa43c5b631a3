"""Reads the plan of a parcel with poppler: its texts, its fonts, and a picture, plat.png, for eyes."""
import os
import subprocess

from judging import *

path = f"{folder}/plat.pdf"
if not os.path.exists(path):
    ended("no plan is asked for of this park")
code = open(f"{folder}/plat.code").read().strip()
text = subprocess.run(["pdftotext", "-layout", path, "-"], check=True, capture_output=True, text=True).stdout
fonts = subprocess.run(["pdffonts", path], check=True, capture_output=True, text=True).stdout
one = next(f for f in layers["parcels"].values() if f["fields"]["code"] == code)
corners = len(rings_of(one["wkt"]["4550"])[0]) - 1
for word in ["宗地图", code, f"J{corners}", str(mu(one["fields"]["legal_m2"]))]:
    if word not in text:
        fault(f"plat.pdf doesn't say {word!r}")
for line in fonts.splitlines()[2:]:
    if line.split()[-5] != "yes":
        fault(f"a font isn't in the file: {line}")
subprocess.run(["pdftoppm", "-r", "80", "-png", "-singlefile", path, path.removesuffix(".pdf")], check=True)
ended(f"{len(text.split())} words of plat.pdf, plat.png drawn")
