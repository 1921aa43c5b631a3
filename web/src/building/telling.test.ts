import { describe, expect, it } from 'vitest';
import type { BuildingRecord } from '../core/api';
import { daysOf, tell } from './telling';

const record = (more: Partial<BuildingRecord>): BuildingRecord =>
  ({
    n: 1,
    thing: 'letting',
    building_code: 'CF-03',
    building_zh: '三号厂房',
    building_en: 'Workshop three',
    unit_code: 'A1',
    project: { id: 'j', code: 'P-1', name_zh: '甲项目', name_en: 'Project A' },
    facts: {},
    was: null,
    ...more,
  }) as BuildingRecord;
const nobody = (): null => null;

describe('the record of workshops', () => {
  it('tells who held and let a unit, in both languages', () => {
    const held = { state: 'held', period: '[2026-02-01,)', hold_until: '2026-03-01', document: null };
    const let_ = {
      state: 'let',
      period: '[2026-02-01,2027-02-01)',
      hold_until: '2026-03-01',
      document: 'L-7',
    };
    expect(tell('zh', record({ facts: held }), nobody)).toEqual({
      what: '为 甲项目 预留单元 三号厂房 A1',
      facts: ['2026-02-01 起，未约定到期日', '预留至 2026-03-01'],
    });
    expect(tell('en', record({ facts: let_, was: held }), nobody)).toEqual({
      what: 'Unit Workshop three A1, held before, let to Project A',
      facts: ['2026-02-01 to 2027-01-31', 'Lease document L-7'],
    });
    expect(tell('en', record({ facts: let_ }), nobody).what).toBe('Unit Workshop three A1 let to Project A');
    const ended = { ...let_, state: 'ended' };
    expect(tell('en', record({ facts: ended, was: let_ }), nobody).what).toContain('Lease of unit');
    expect(tell('en', record({ facts: ended, was: held }), nobody).what).toContain('Hold of unit');
  });

  it('tells what of a unit or building changed, and what is not known', () => {
    const was = { code: 'A1', area_m2: 1200, clear_height_m: 8, publication: 'internal', retired: false };
    const facts = { ...was, area_m2: 1350, clear_height_m: null, publication: 'public' };
    expect(tell('en', record({ thing: 'unit', facts, was }), nobody)).toEqual({
      what: 'Unit Workshop three A1 changed',
      facts: [
        'Area (m²): 1,200 → 1,350',
        'Clear height (m): 8 → not known',
        'Shown to: members only → the public',
      ],
    });
    const moved = { thing: 'building', facts: { parcel_id: 'b' }, was: { parcel_id: 'a' } } as const;
    expect(tell('zh', record(moved), (id) => (id === 'b' ? 'TX-02' : null)).facts).toEqual([
      '所在地块：已不在册的地块 → TX-02',
    ]);
    expect(
      tell('en', record({ thing: 'building', facts: { stage: 'planned', since: null } }), nobody),
    ).toEqual({
      what: 'Building Workshop three (CF-03) added',
      facts: ['Stage: planned'],
    });
    expect(tell('en', record({ thing: 'unit', facts: { retired: true }, was }), nobody).facts).toEqual([]);
  });

  it('reads the days of a letting', () => {
    expect(daysOf('en', 'empty')).toBe('never began');
    expect(daysOf('en', 'nonsense')).toBeNull();
    expect(daysOf('en', '[2026-01-01,2026-03-01)')).toBe('2026-01-01 to 2026-02-28');
  });
});
