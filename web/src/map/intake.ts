import type { Feature } from 'geojson';
import type {
  ExpressionSpecification,
  GeoJSONSource,
  LayerSpecification,
  Map as MapLibreMap,
} from 'maplibre-gl';
import { collect } from './data';
import type { Theme } from '../core/theme';

const SOURCE = 'intake';
const RATIO = 2;

/** The states of rows. Each stands on the map with a pattern and an outline of its own, not by colour alone. */
export const states = ['new', 'changed', 'unchanged', 'refused', 'overlaps', 'outside', 'missing'] as const;

const is = (...names: string[]): ExpressionSpecification => ['in', ['get', 'state'], ['literal', names]];

/** What of a file that is looked at stands on the map: code that only an import needs. */
export class Findings {
  private theme: Theme | null = null;
  private laid = false;

  constructor(private readonly map: MapLibreMap) {}

  lay(features: readonly Feature[], theme: Theme): void {
    if (!this.laid && features.length === 0) return;
    if (!this.laid) this.map.addSource(SOURCE, { type: 'geojson', data: collect([]), tolerance: 0.1 });
    if (this.theme !== theme) this.dress(theme);
    this.laid = true;
    void this.map.getSource<GeoJSONSource>(SOURCE)?.setData(collect([...features]));
  }

  private dress(theme: Theme): void {
    this.theme = theme;
    for (const [id, image] of Object.entries(patterns(theme))) {
      if (this.map.hasImage(id)) this.map.updateImage(id, image);
      else this.map.addImage(id, image, { pixelRatio: RATIO });
    }
    for (const layer of layersOf(theme)) {
      if (this.map.getLayer(layer.id)) this.map.removeLayer(layer.id);
      this.map.addLayer(layer);
    }
  }
}

function layersOf(theme: Theme): LayerSpecification[] {
  const fill = (id: string, of: string[], pattern: string): LayerSpecification => ({
    id: `intake-${id}`,
    type: 'fill',
    source: SOURCE,
    filter: is(...of),
    paint: { 'fill-pattern': pattern, 'fill-opacity': 0.85 },
  });
  const line = (
    id: string,
    of: string[],
    colour: string,
    width: number,
    dash?: number[],
  ): LayerSpecification => ({
    id: `intake-${id}-line`,
    type: 'line',
    source: SOURCE,
    filter: is(...of),
    paint: { 'line-color': colour, 'line-width': width, ...(dash && { 'line-dasharray': dash }) },
  });
  return [
    fill('new', ['new'], 'intake-dots'),
    fill('changed', ['changed'], 'intake-stripes'),
    fill('wrong', ['refused', 'overlaps', 'outside'], 'intake-crosses'),
    fill('piece', ['overlap', 'beyond'], 'intake-solid'),
    line('unchanged', ['unchanged'], theme.ink2, 1),
    line('missing', ['missing'], theme.ink2, 2.5, [1, 2]),
    line('new', ['new'], theme.focus, 2.5),
    line('changed', ['changed'], theme.ink, 2.5, [5, 2]),
    line('wrong', ['refused', 'overlaps', 'outside'], theme.seal, 3, [2, 1]),
    line('piece', ['overlap', 'beyond'], theme.seal, 2),
  ];
}

/** The patterns as images. */
function patterns(theme: Theme): Record<string, ImageData> {
  return {
    'intake-dots': tile(8, (c) => {
      c.fillStyle = theme.focus;
      c.beginPath();
      c.arc(4, 4, 1.4, 0, 2 * Math.PI);
      c.fill();
    }),
    'intake-stripes': tile(8, (c) => {
      c.strokeStyle = theme.ink;
      c.lineWidth = 1.2;
      c.beginPath();
      c.moveTo(-2, 10);
      c.lineTo(10, -2);
      c.moveTo(-2, 2);
      c.lineTo(2, -2);
      c.moveTo(6, 10);
      c.lineTo(10, 6);
      c.stroke();
    }),
    'intake-crosses': tile(10, (c) => {
      c.strokeStyle = theme.seal;
      c.lineWidth = 1.2;
      c.beginPath();
      c.moveTo(0, 0);
      c.lineTo(10, 10);
      c.moveTo(10, 0);
      c.lineTo(0, 10);
      c.stroke();
    }),
    'intake-solid': tile(4, (c) => {
      c.fillStyle = theme.seal;
      c.fillRect(0, 0, 4, 4);
    }),
  };
}

function tile(size: number, draw: (context: CanvasRenderingContext2D) => void): ImageData {
  const element = document.createElement('canvas');
  element.width = element.height = size * RATIO;
  const context = element.getContext('2d', { willReadFrequently: true });
  if (!context) return new ImageData(size * RATIO, size * RATIO);
  context.scale(RATIO, RATIO);
  draw(context);
  return context.getImageData(0, 0, size * RATIO, size * RATIO);
}
