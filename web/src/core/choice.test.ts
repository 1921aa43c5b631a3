import { expect, it } from 'vitest';
import { choiceText } from './choice';

it('says a value in the reader’s words, and one it doesn’t know as it is', () => {
  expect(choiceText('en', 'grade', 'node')).toBe('Node');
  expect(choiceText('zh', 'publication', 'internal')).toBe('未发布');
  expect(choiceText('zh', 'price_kind', 'minimum')).toBe('最低价标准');
  expect(choiceText('zh', 'grade', 'bridleway')).toBe('bridleway');
  expect(choiceText('zh', 'colour', 'red')).toBe('red');
});
