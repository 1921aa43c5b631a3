import { describe, expect, it } from 'vitest';
import { emptyNeed } from '../core/need';
import { Wire } from '../core/wire';
import { bodyOf, fieldOf, send, type Draft } from './sending';

const draft: Draft = {
  name: ' Ms Lin ',
  organisation: 'Lin',
  phone: '',
  email: ' lin@example.com',
  words: ' ',
  consent: true,
  need: { ...emptyNeed, min: '60', power: '3000' },
  places: [{ kind: 'parcel', code: 'A', parcels: ['A'] }],
};

describe('an enquiry', () => {
  it('sends what was typed, and nothing for what was left empty', () => {
    expect(bodyOf(draft, 'c', [1])).toEqual({
      name: 'Ms Lin',
      organisation: 'Lin',
      email: 'lin@example.com',
      consent: true,
      need: { services: { power: 3000 }, criteria: [{ measure: 'area_mu', min: 60 }] },
      places: [{ kind: 'parcel', code: 'A', parcels: ['A'] }],
      proof: { challenge: 'c', numbers: [1] },
    });
    expect(bodyOf({ ...draft, name: '', need: null, places: [] }, 'c', [])).toMatchObject({ name: '' });
    expect(Object.keys(bodyOf({ ...draft, need: null, places: [] }, 'c', []))).not.toContain('need');
  });

  it('answers a challenge that it fetched for itself', async () => {
    const asked: [string, unknown][] = [];
    const wire = new Wire(
      () => 'en',
      (path, init) => {
        asked.push([String(path), init?.body ? JSON.parse(String(init.body)) : null]);
        const answer = init?.body
          ? { receipt: 'AAAA-0001' }
          : { challenge: { text: '1.n.t', rounds: 2, bits: 3 } };
        return Promise.resolve(new Response(JSON.stringify(answer)));
      },
    );
    const sent = await send(wire, 'a park', draft, ({ rounds }) => Promise.resolve(Array(rounds).fill(7)));
    expect(sent.receipt).toBe('AAAA-0001');
    expect(asked.map(([path]) => path)).toEqual([
      '/api/parks/a%20park/enquiry-terms',
      '/api/parks/a%20park/enquiries',
    ]);
    expect(asked[1]?.[1]).toMatchObject({ proof: { challenge: '1.n.t', numbers: [7, 7] } });
  });

  it('knows which field of the form was refused', () => {
    expect(fieldOf('phone')).toBe('phone');
    expect(fieldOf('body.need.criteria[0].min')).toBe('need');
    expect(fieldOf('places[0].parcels[1]')).toBe('places');
    expect(fieldOf('proof.challenge')).toBeNull();
    expect(fieldOf(undefined)).toBeNull();
  });
});
