import AxeBuilder from '@axe-core/playwright';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';

type Violations = Awaited<ReturnType<AxeBuilder['analyze']>>['violations'];

/**
 * What axe finds wrong with a page. The details of what is right, and a second page that gathers what frames of other
 * origins say, take two thirds of the time; ours has no such frame, and one would fail the test.
 */
export async function violations(page: Page): Promise<Violations> {
  const { origin } = new URL(page.url());
  const frames = page.frames().map((frame) => frame.url());
  expect(frames.filter((url) => /^https?:/.test(url) && new URL(url).origin !== origin)).toEqual([]);
  const looked = await new AxeBuilder({ page })
    .options({ resultTypes: ['violations'] })
    .setLegacyMode()
    .analyze();
  return looked.violations;
}

/** What axe calls serious or critical on the page, as readable lines. */
export async function graveFindings(page: Page): Promise<string[]> {
  return (await violations(page))
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(
      ({ id, nodes }) =>
        `${id}: ${nodes.map((node) => `${node.html} ${node.failureSummary ?? ''}`).join(' | ')}`,
    );
}
