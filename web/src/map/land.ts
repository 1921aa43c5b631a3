import type { ExpressionSpecification } from 'maplibre-gl';
import { statuses, type Status } from '../core/feed';
import { mix } from '../core/theme';
import { from, outlined } from './layered';
import type { Look, Sheet } from './sheet';

const isSelected: ExpressionSpecification = ['boolean', ['feature-state', 'selected'], false];
export const isHovered: ExpressionSpecification = ['boolean', ['feature-state', 'hovered'], false];

/** How much of its colour a parcel outside the filter keeps. */
export const DIMMED = 0.16;
/** How much of its colour a parcel keeps over a background. */
const BACKED = 0.6;

/** Whether a parcel is left out by the reader's filters. */
export const isOut: ExpressionSpecification = ['boolean', ['feature-state', 'out'], false];

/** `full` for a parcel that the filters leave, `dimmed` for others. */
export const inFilter = (dimmed: number, full = 1): ExpressionSpecification => ['case', isOut, dimmed, full];

/** Whether a surface of scores stands: parcels are outlines then, without a colour. */
export const faded = ({ surface }: Look): boolean => surface !== 'none';

/** Sea, land, coast, the parks, zones and plan units. */
export function landLayers(look: Look): Sheet[] {
  const { theme, coast, backed } = look;
  const ground = coast ? theme.sea : theme.land;
  return [
    { switch: null, spec: { id: 'sea', type: 'background', paint: { 'background-color': ground } } },
    {
      switch: null,
      spec: {
        id: 'land',
        type: 'fill',
        source: 'basemap',
        'source-layer': 'land',
        paint: { 'fill-color': theme.land, 'fill-antialias': false },
      },
    },
    {
      switch: null,
      spec: {
        id: 'coast',
        type: 'line',
        source: 'basemap',
        'source-layer': 'coast',
        paint: {
          'line-color': theme.coast,
          'line-width': ['interpolate', ['linear'], ['zoom'], 3, 0.5, 10, 1.2],
        },
      },
    },
    {
      switch: 'parks',
      spec: {
        id: 'park-fill',
        type: 'fill',
        source: 'parks',
        paint: {
          'fill-color': theme.parkFill,
          'fill-opacity': backed ? 0 : ['case', ['get', 'current'], 1, 0.75],
        },
      },
    },
    {
      switch: 'zones',
      spec: {
        id: 'zone-fill',
        type: 'fill',
        ...from(look, 'zones'),
        paint: {
          'fill-color': theme.zoneLine,
          'fill-opacity': ['case', isSelected, 0.2, isHovered, 0.12, 0.07],
        },
      },
    },
    {
      switch: 'plan',
      spec: {
        id: 'plan-fill',
        type: 'fill',
        ...from(look, 'plan-units'),
        paint: { 'fill-color': theme.plan, 'fill-opacity': ['case', isSelected, 0.16, 0.05] },
      },
    },
  ];
}

/**
 * Parcels by status, those of a large park among them, and the lines that must lie over them: zone and park boundaries,
 * plan units, hover and selection.
 */
export function parcelLayers(look: Look, tiled: readonly Sheet[]): Sheet[] {
  return [...parcelFills(look), ...tiled, ...boundaryLines(look), ...marks(look)];
}

/** The colours of parcels by status, so much nearer to ink. */
export const colours = ({ theme }: Look, ink: number): ExpressionSpecification => {
  const shade = (status: Status): string =>
    ink === 0 ? theme.status[status] : mix(theme.status[status], theme.ink, ink);
  return [
    'match',
    ['get', 'status'],
    ...statuses.flatMap((status) => [status, shade(status)]),
    shade('withdrawn'),
  ] as unknown as ExpressionSpecification;
};

/** How much of its colour a parcel has over what lies under the park. */
export const coverOf = ({ backed }: Look): number => (backed ? BACKED : 1);

function parcelFills(look: Look): Sheet[] {
  const fillOpacity = faded(look) ? 0 : inFilter(DIMMED, coverOf(look));
  return [
    {
      switch: 'parcels',
      spec: {
        id: 'parcel-fill',
        type: 'fill',
        source: 'parcels',
        paint: {
          'fill-color': ['case', isHovered, colours(look, 0.16), colours(look, 0)],
          'fill-opacity': fillOpacity,
        },
      },
    },
    {
      switch: 'parcels',
      spec: {
        id: 'parcel-hatch',
        type: 'fill',
        source: 'parcels',
        filter: ['==', ['get', 'status'], 'withdrawn'],
        paint: { 'fill-pattern': 'hatch', 'fill-opacity': fillOpacity },
      },
    },
    {
      switch: 'parcels',
      spec: {
        id: 'parcel-line',
        type: 'line',
        source: 'parcels',
        layout: { 'line-join': 'round' },
        paint: {
          'line-color': look.theme.parcelLine,
          'line-opacity': 0.6,
          'line-width': ['interpolate', ['linear'], ['zoom'], 12, 0.25, 14, 0.7, 17, 1.2],
        },
      },
    },
  ];
}

function boundaryLines(look: Look): Sheet[] {
  const { theme } = look;
  return [
    {
      switch: 'plan',
      spec: {
        id: 'plan-line',
        type: 'line',
        ...from(look, 'plan-units'),
        ...outlined(look, 'plan-units'),
        paint: { 'line-color': theme.plan, 'line-width': 1.4, 'line-dasharray': [4, 2] },
      },
    },
    {
      switch: 'zones',
      spec: {
        id: 'zone-line',
        type: 'line',
        ...from(look, 'zones'),
        ...outlined(look, 'zones'),
        layout: { 'line-join': 'round' },
        paint: {
          'line-color': theme.zoneLine,
          'line-width': ['interpolate', ['linear'], ['zoom'], 11, 0.8, 15, 2],
          'line-dasharray': [5, 2],
        },
      },
    },
    {
      // the survey's sign for a boundary: long dash, dot
      switch: 'parks',
      spec: {
        id: 'park-line',
        type: 'line',
        source: 'parks',
        layout: { 'line-join': 'round' },
        paint: {
          'line-color': theme.ink,
          'line-opacity': ['case', ['get', 'current'], 0.85, 0.5],
          'line-width': ['interpolate', ['linear'], ['zoom'], 9, 0.8, 14, 1.8],
          'line-dasharray': [8, 2.5, 1, 2.5],
        },
      },
    },
  ];
}

/**
 * The outlines of the selected parcel, its neighbours and what is pointed at, from a source of their own: as states of
 * the parcels' source they would be drawn, invisibly, around every parcel of the park.
 */
function marks({ theme }: Look): Sheet[] {
  const outline = (id: string, mark: string, colour: string, width: number): Sheet => ({
    switch: 'parcels',
    spec: {
      id,
      type: 'line',
      source: 'marks',
      filter: ['==', ['get', 'mark'], mark],
      layout: { 'line-join': 'round' },
      paint: { 'line-color': colour, 'line-width': width },
    },
  });
  return [
    outline('mark-neighbour', 'neighbour', theme.ink, 1.8),
    outline('mark-hovered', 'hovered', theme.ink, 2.6),
    outline('mark-selected-casing', 'selected', theme.sheet, 7),
    outline('mark-selected', 'selected', theme.seal, 3.2),
  ];
}
