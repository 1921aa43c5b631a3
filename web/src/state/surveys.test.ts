import { expect, it, vi } from 'vitest';
import { planeOf } from '../core/projection';
import { Refusal, Silence, type Asking } from '../core/wire';
import { Surveys } from './surveys.svelte';

const ring: [number, number][] = [
  [122, 37],
  [122.01, 37],
  [122.01, 37.01],
];

/** A server that reads any text as the ring, or fails. */
class Reader {
  readonly asked: { path: string; body: unknown }[] = [];
  failing: Error | null = null;
  lang: 'zh' | 'en' = 'zh';
  readonly surveys = new Surveys(
    {
      ask: async <T>(path: string, { body }: Asking = {}): Promise<T> => {
        this.asked.push({ path, body });
        if (this.failing) throw this.failing;
        const geometry = { type: 'Polygon', coordinates: [[...ring, ring[0]]] };
        return { features: [{ geometry, properties: { stated: '', legal_m2: 1 } }], faults: [] } as T;
      },
    },
    () => ({ park: 'a b', plane: planeOf(4550), lang: this.lang }),
  );
}

it('asks the server once for a text, and knows it then', async () => {
  const { asked, surveys } = new Reader();
  const both = await Promise.all([surveys.ask('x'), surveys.ask('x')]);
  expect(both).toEqual([{ rings: [ring] }, { rings: [ring] }]);
  expect(surveys.read('x')).toEqual({ rings: [ring] });
  expect(asked).toEqual([{ path: '/api/parks/a%20b/survey-text', body: { text: 'x', figure: 'area' } }]);
  await surveys.ask('x', 'line');
  expect(asked[1]?.body).toEqual({ text: 'x', figure: 'line' });
});

it('asks for what is typed after a pause, and for the last of it', async () => {
  vi.useFakeTimers();
  const { asked, surveys } = new Reader();
  expect(surveys.read('x')).toBeNull();
  expect(surveys.read('xy')).toBeNull();
  await vi.advanceTimersByTimeAsync(1000);
  expect(asked.map(({ body }) => body)).toEqual([{ text: 'xy', figure: 'area' }]);
  expect(surveys.read('xy')).toEqual({ rings: [ring] });
  vi.useRealTimers();
});

it('knows what the page wrote, GeoJSON and nothing without asking', async () => {
  const { asked, surveys } = new Reader();
  const text = surveys.write([[...ring, ring[0] as [number, number]]]);
  expect(surveys.read(text)).toEqual({ rings: [ring] });
  expect(await surveys.ask(text)).toEqual({ rings: [ring] });
  expect(surveys.read('{"type":"Point"}')).toEqual({ problem: 'web.survey.geojson' });
  expect(surveys.read(' ')).toEqual({ rings: [] });
  expect(asked).toEqual([]);
});

it('sends a file as it is', async () => {
  const { asked, surveys } = new Reader();
  expect(await surveys.file(new Blob([new Uint8Array([0xca, 0xf4, 0])]))).toEqual({ rings: [ring] });
  expect(asked[0]?.body).toEqual({ file: 'yvQA', figure: 'area' });
});

it('tells a refusal in the server’s words, and asks again after silence', async () => {
  const reader = new Reader();
  reader.failing = new Refusal({
    type: '/problems/forbidden',
    title: 'no',
    detail: 'not yours',
    status: 403,
  });
  expect(await reader.surveys.ask('x')).toEqual({ faults: ['not yours'] });
  reader.failing = new Silence('gone');
  expect(await reader.surveys.ask('y')).toEqual({ problem: 'web.survey.silent' });
  reader.failing = null;
  expect(await reader.surveys.ask('y')).toEqual({ rings: [ring] });
  reader.lang = 'en';
  await reader.surveys.ask('x');
  expect(reader.asked).toHaveLength(4);
});
