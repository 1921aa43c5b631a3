import { expect, it } from 'vitest';
import { Listing, type Found } from './listing.svelte';

const found = (...ids: string[]): Found<{ id: string }> => ({
  rows: ids.map((id) => ({ id })),
  all: ids.length,
  total: ids.length,
  next: null,
});

it('forgets what was read, and what is on its way', async () => {
  const answers: ((answer: Found<{ id: string }>) => void)[] = [];
  const list = new Listing(() => new Promise<Found<{ id: string }>>((give) => answers.push(give)));
  const first = list.read();
  answers[0]?.(found('a'));
  await first;
  expect(list.rows).toHaveLength(1);
  const late = list.read();
  list.clear();
  expect(list.found).toBeNull();
  answers[1]?.(found('a', 'b'));
  await late;
  expect(list.found).toBeNull();
});
