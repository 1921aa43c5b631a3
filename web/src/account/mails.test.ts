import { describe, expect, it } from 'vitest';
import { decisionsOf, mailsPath, states } from './mails';

describe('the mails', () => {
  it('are asked for by state, a page at a time', () => {
    expect(mailsPath('sent', 50)).toBe('/api/mails?state=sent&from=50&limit=50');
  });

  it('are decided about only where nobody knows, or the server refused', () => {
    const open = states.filter(
      (state) => state !== 'waiting' && state !== 'all' && decisionsOf(state).length > 0,
    );
    expect(open).toEqual(['unknown', 'refused']);
  });
});
