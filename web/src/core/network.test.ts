import { expect, it } from 'vitest';
import { networkTitle } from './network';

it('calls a road by its name, with its code beside, and by the code where it has none', () => {
  const avenue = { code: 'RD-T', name_zh: '碳谷大道', name_en: 'Carbon Valley Avenue' };
  expect(networkTitle('zh', avenue)).toBe('碳谷大道（RD-T）');
  expect(networkTitle('en', avenue)).toBe('Carbon Valley Avenue (RD-T)');
  expect(networkTitle('en', { ...avenue, name_en: null })).toBe('碳谷大道 (RD-T)');
  expect(networkTitle('zh', { code: 'RD-9', name_zh: null, name_en: null })).toBe('RD-9');
});
