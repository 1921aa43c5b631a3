// Writes src/map/first.json: the characters that the page's first view shows in each of its faces, in both languages,
// on a desk and on a phone. The build cuts the fonts that are fetched first to them (scripts/fonts.mjs); characters
// that are missing here are drawn all the same, from files that are fetched later.
//
//   node scripts/firstview.mjs http://127.0.0.1:8080      (a server over the sample park)
import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

const url = process.argv[2] ?? 'http://127.0.0.1:8080';
const out = fileURLToPath(new URL('../src/map/first.json', import.meta.url));
/** Software WebGL, and none of the browser's own calls home. */
const flags = JSON.parse(readFileSync(new URL('chromium.json', import.meta.url), 'utf8'));

/** Runs in the page before its own scripts: notes each glyph that the map rasterizes, by the face that draws it. */
function noteGlyphs() {
  window.glyphs = { 'sans-400': '', 'sans-600': '', 'serif-600': '' };
  for (const kind of [window.CanvasRenderingContext2D, window.OffscreenCanvasRenderingContext2D]) {
    const { fillText } = kind.prototype;
    kind.prototype.fillText = function (text, ...rest) {
      // the map names its faces by their place in the style: two files of each, in the order of the names
      const place = /font-face-(\d+)/.exec(this.font)?.[1];
      for (const [at, face] of Object.keys(window.glyphs).entries())
        if (!place || at === Math.floor(Number(place) / 2)) window.glyphs[face] += text;
      return fillText.call(this, text, ...rest);
    };
  }
}

/** Runs in the page before its own scripts: notes what each face shows, if only for a moment. */
function noteTexts() {
  window.shown = {};
  const add = (face, text) => {
    window.shown[face] = (window.shown[face] ?? '') + text;
  };
  const note = (element) => {
    const text = element.matches('input')
      ? element.placeholder
      : [...element.childNodes]
          .map((node) => (node.nodeType === Node.TEXT_NODE ? node.textContent : ''))
          .join('');
    if (!text.trim() || element.matches('script, style')) return;
    const { fontFamily, fontWeight } = getComputedStyle(element);
    const serif = fontFamily.startsWith('"Luodi Serif"');
    add(serif ? 'serif-600' : Number(fontWeight) > 500 ? 'sans-600' : 'sans-400', text);
  };
  const all = () => document.body?.querySelectorAll('*').forEach(note);
  new MutationObserver(all).observe(document, { subtree: true, childList: true, characterData: true });
}

/** Runs in the page: the characters by the face that draws them, of the page's texts and of the map's. */
function charactersByFace() {
  return Object.fromEntries(
    Object.entries(window.glyphs).map(([face, glyphs]) => [face, (window.shown[face] ?? '') + glyphs]),
  );
}

const faces = {};
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: flags,
});
try {
  for (const locale of ['zh-CN', 'en-GB'])
    for (const viewport of [
      { width: 1440, height: 900 },
      { width: 390, height: 844 },
    ]) {
      const page = await browser.newPage({ locale, viewport, reducedMotion: 'reduce' });
      await page.addInitScript(noteGlyphs);
      await page.addInitScript(noteTexts);
      await page.goto(url, { waitUntil: 'networkidle' });
      await page.locator('.total b').first().waitFor();
      await page.locator('section.map[data-idle]').waitFor({ timeout: 120_000 });
      for (const [face, text] of Object.entries(await page.evaluate(charactersByFace)))
        faces[face] = (faces[face] ?? '') + text;
      await page.close();
    }
} finally {
  await browser.close();
}
const ascii = Array.from({ length: 95 }, (_, i) => String.fromCharCode(32 + i)).join('');
const sorted = Object.fromEntries(
  Object.keys(faces)
    .sort()
    .map((face) => [
      face,
      [...new Set(ascii + faces[face])]
        .filter((each) => each >= ' ')
        .sort()
        .join(''),
    ]),
);
await writeFile(out, JSON.stringify(sorted, null, 2) + '\n');
for (const [face, text] of Object.entries(sorted)) console.log(`${face}: ${[...text].length} characters`);
