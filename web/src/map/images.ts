import type { Map as MapLibreMap } from 'maplibre-gl';
import { kinds, type Kind } from '../core/feed';
import { symbols } from '../core/symbol';
import type { Theme } from '../core/theme';
import { barImages } from './others';

/** Device pixels for a drawn pixel: sharp on dense screens, small enough to make at start. */
const RATIO = 2;
const DISC = 22;
const HATCH = 8;
const CROSS = 11;

/** The image id of a kind's sign. */
export const signOf = (kind: Kind): string => `sign-${kind}`;

/** Draws every image of the style and hands it to the map; again after the theme changed. */
export function drawImages(map: MapLibreMap, theme: Theme): void {
  const put = (id: string, data: ImageData): void => {
    if (map.hasImage(id)) map.updateImage(id, data);
    else map.addImage(id, data, { pixelRatio: RATIO });
  };
  for (const kind of kinds) {
    const path = symbols[kind];
    if (path && kind !== 'road') put(signOf(kind), sign(path, theme.kind[kind], theme.sheet));
  }
  for (const { id, size, draw } of barImages(theme)) put(id, canvas(size, draw));
  put('hatch', hatch(theme.parcelLine));
  put('cross', cross(theme.grid));
}

function canvas(size: number, draw: (context: CanvasRenderingContext2D) => void): ImageData {
  const element = document.createElement('canvas');
  element.width = element.height = size * RATIO;
  const context = element.getContext('2d', { willReadFrequently: true });
  if (!context) return new ImageData(size * RATIO, size * RATIO);
  context.scale(RATIO, RATIO);
  draw(context);
  return context.getImageData(0, 0, size * RATIO, size * RATIO);
}

function sign(path: string, colour: string, ground: string): ImageData {
  return canvas(DISC, (context) => {
    const middle = DISC / 2;
    context.beginPath();
    context.arc(middle, middle, middle - 1, 0, 2 * Math.PI);
    context.fillStyle = colour;
    context.fill();
    context.lineWidth = 1.5;
    context.strokeStyle = ground;
    context.stroke();
    context.translate(middle - 9, middle - 9);
    context.scale(18 / 24, 18 / 24);
    context.lineWidth = 1.9;
    context.lineCap = context.lineJoin = 'round';
    context.stroke(new Path2D(path));
  });
}

function hatch(colour: string): ImageData {
  return canvas(HATCH, (context) => {
    context.strokeStyle = colour;
    context.globalAlpha = 0.35;
    context.lineWidth = 1;
    context.beginPath();
    for (const shift of [-HATCH, 0, HATCH]) {
      context.moveTo(shift - 1, HATCH + 1);
      context.lineTo(shift + HATCH + 1, -1);
    }
    context.stroke();
  });
}

function cross(colour: string): ImageData {
  return canvas(CROSS, (context) => {
    context.strokeStyle = colour;
    context.lineWidth = 1;
    context.beginPath();
    context.moveTo(CROSS / 2, 0);
    context.lineTo(CROSS / 2, CROSS);
    context.moveTo(0, CROSS / 2);
    context.lineTo(CROSS, CROSS / 2);
    context.stroke();
  });
}
