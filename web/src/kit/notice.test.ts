import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Notice } from './notice.svelte';

describe('passing words', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());
  const texts = (notice: Notice) => notice.words.map(({ text }) => text);

  it('each stay their time, also when another comes at once', () => {
    const notice = new Notice();
    notice.tell('back');
    notice.tell('what was missed');
    expect(texts(notice)).toEqual(['back', 'what was missed']);
    vi.advanceTimersByTime(3_000);
    notice.tell('later');
    vi.advanceTimersByTime(3_000);
    expect(texts(notice)).toEqual(['later']);
    vi.advanceTimersByTime(3_000);
    expect(texts(notice)).toEqual([]);
  });

  it('said again stand once, for their whole time anew', () => {
    const notice = new Notice();
    notice.tell('a');
    vi.advanceTimersByTime(3_000);
    notice.tell('b');
    notice.tell('a');
    expect(texts(notice)).toEqual(['b', 'a']);
    vi.advanceTimersByTime(5_999);
    expect(texts(notice)).toEqual(['b', 'a']);
    vi.advanceTimersByTime(1);
    expect(texts(notice)).toEqual([]);
  });

  it('are three at most: the oldest go', () => {
    const notice = new Notice();
    for (const text of ['a', 'b', 'c', 'd']) notice.tell(text);
    expect(texts(notice)).toEqual(['b', 'c', 'd']);
  });
});
