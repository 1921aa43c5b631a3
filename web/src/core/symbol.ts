import type { Kind } from './feed';

/** Our own signs for points of a network, drawn white on a disc of the kind's colour: strokes on a 24 × 24 sheet. */
export const symbols: Partial<Record<Kind, string>> = {
  port:
    'M12 5.6v13 M12 8.4a1.6 1.6 0 1 0 0-3.2a1.6 1.6 0 0 0 0 3.2 ' +
    'M8.4 11h7.2 M5.8 13.6c.4 3.2 2.8 5 6.2 5s5.8-1.8 6.2-5',
  rail: 'M8 5.5h8v9.5H8z M8 10.5h8 M9 15l-2 3.5 M15 15l2 3.5 M10.5 7.9h3',
  substation: 'M13.4 5l-5.2 8h4l-1.6 6l5.2-8h-4z',
  power: 'M13.4 5l-5.2 8h4l-1.6 6l5.2-8h-4z',
  steam: 'M8 18c-2.2-3.2 2-5 0-8.4 M12 18c-2.2-3.8 2.2-7 0-11.6 M16 18c-2.2-3.2 2-5 0-8.4',
  water: 'M12 5.2c2.8 3.8 4.4 6.2 4.4 8.6a4.4 4.4 0 0 1-8.8 0c0-2.4 1.6-4.8 4.4-8.6z',
  gas: 'M12.4 5c.4 3.2 4.2 4.6 4.2 8.6a4.6 4.6 0 0 1-9.2 0c0-2 1-3 2-4.2c.2 1.2.8 1.8 1.4 2c-.2-2.6.4-4.6 1.6-6.4z',
  sewer: 'M6 8h12 M8.5 8v3.2a3.5 3.5 0 0 0 7 0V8 M12 14.7v4 M9.8 16.8l2.2 2.2l2.2-2.2',
  nitrogen: 'M7.5 17V7l6 10V7 M16 14.4c2.8-1.6 2.8.6 0 2.9h2.6',
};
