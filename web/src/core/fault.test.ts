import { describe, expect, it } from 'vitest';
import { fieldOf } from './fault';

const problem = { type: '/problems/x', title: 'x', status: 400 };
const form = { code: '', industry_codes: [], name_zh: '', geometry: '', 'conditions.far.min': '' };

describe('the field that a problem is about', () => {
  it.each([
    [{ field: 'code' }, 'code'],
    [{ field: 'body.code' }, 'code'],
    [{ field: 'industry_codes[0].edition' }, 'industry_codes'],
    [{ rule: 'project_district_id_code_key' }, 'code'],
    [{ rule: 'party_district_id_name_zh_key' }, 'name_zh'],
    [{ field: 'object.facts.code' }, 'code'],
    [{ field: 'object.facts.conditions' }, 'conditions.far.min'],
    [{ field: 'object.geometry' }, 'geometry'],
    [{ rule: 'parcels_overlap' }, 'geometry'],
    [{ rule: 'parcel_in_park' }, 'geometry'],
    [{ field: 'If-Match' }, null],
    [{ rule: 'project_tag_is_one' }, null],
    [{}, null],
  ])('of %j is %s', (said, field) => expect(fieldOf({ ...problem, ...said }, form)).toBe(field));
});
