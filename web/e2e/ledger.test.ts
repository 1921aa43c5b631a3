import { readFile } from 'node:fs/promises';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { graveFindings } from './axe';
import { launch, phone } from './browser';
import { dataFolder, removeFolder, startLuodi, type Luodi } from './luodi';
import { accept, addUser, shoot } from './planner';
import { textOf, workbook } from './xlsx';

let luodi: Luodi;
let browser: Browser;
let admin: Page;

beforeAll(async () => {
  luodi = await startLuodi(await dataFolder());
  browser = await launch();
  admin = await accept(browser, await addUser(luodi, 'wang.fang', '王芳', 'admin'), 'no map');
});
afterAll(async () => {
  await browser?.close();
  await luodi?.stop();
  if (luodi) await removeFolder(luodi.data);
});

/** Beside the map, or on a phone the sheet over it. */
const panel = (page: Page) => page.locator('.facts, .sheet');
const field = (page: Page, name: string) => panel(page).locator(`[name="${name}"]`);
const press = (page: Page, name: string) => panel(page).getByRole('button', { name, exact: true }).click();
const shown = (page: Page, text: string | RegExp) => panel(page).getByText(text).first().waitFor();

/** 完成投资 doesn't say which money it is; rows 4 and 5 are two projects of one firm, and row 6 a sum. */
const rows = [
  ['临港项目台账', '', '', '', '', ''],
  ['序号', '项目名称', '企业名称', '签约时间', '计划总投资（万元）', '完成投资'],
  [1, '海缆接头项目', '海缆新材有限公司', '2026-01-15', 5000, 120],
  [2, '叶片一期项目', '远航叶片有限公司', '2026-02-03', 8000, 0],
  [3, '叶片二期项目', '远航叶片有限公司', '待定', '—', '—'],
  ['合计', '', '', '', 13000, 120],
] as const;

const file = { name: '2026台账.xlsx', mimeType: '', buffer: workbook('台账', rows) };

describe('a ledger of projects', () => {
  it('is chosen, its columns and likely duplicates are told, and it is taken in as a whole', async () => {
    await admin.goto(`${luodi.url}/?page=projects`);
    await press(admin, '项目台账');
    await shown(admin, '还没有导入过');
    await field(admin, 'ledger-as-of').fill('2026-03-31');
    await field(admin, 'ledger-file').setInputFiles(file);

    // a head that says too little is a fault, until it is said what it means
    await shown(admin, /F 列“完成投资”/);
    const take = panel(admin).getByRole('button', { name: '整份导入' });
    await expect.poll(() => take.isDisabled()).toBe(true);
    await shown(admin, '合计行不计：第 6 行');
    expect(await graveFindings(admin)).toEqual([]);
    await shoot(admin, 'ledger', 'faults-zh');
    // the list of columns stands open while one is at fault
    const column = panel(admin).locator('li.column', { hasText: 'F 完成投资' });
    await column.locator('input').fill('万元');
    await column.locator('input').press('Tab');
    await column.locator('select').selectOption({ label: '本年固定资产投资（万元）' });
    await shown(admin, '新建 2，改动 0，无变化 0，待核对 1，有误 0');

    // a second project of the same firm may be the first one again: that has to be decided
    await shown(admin, '第 5 行 叶片二期项目（远航叶片有限公司）');
    await expect.poll(() => take.isDisabled()).toBe(true);
    await shoot(admin, 'ledger', 'ask-zh');
    await field(admin, 'ledger-row-5').selectOption({ label: '另一个项目' });
    await shown(admin, '新建 3，改动 0，无变化 0，待核对 0，有误 0');
    expect(await graveFindings(admin)).toEqual([]);
    await shoot(admin, 'ledger', 'preview-zh');
    await take.click();
    await shown(admin, '新建 3，改动 0');
    await shown(admin, '2026台账.xlsx');
    await shoot(admin, 'ledger', 'taken-zh');
  });

  it('comes out again as it came, with what changed since', async () => {
    const save = async (name: string): Promise<Buffer> => {
      const [download] = await Promise.all([
        admin.waitForEvent('download'),
        panel(admin).getByRole('link', { name }).first().click(),
      ]);
      return readFile(await download.path());
    };
    const out = textOf(await save('按原样导出'));
    for (const text of ['临港项目台账', '海缆接头项目', '叶片二期项目', '完成投资', '合计'])
      expect(out).toContain(text);
    expect(textOf(await save('导出项目台账'))).toContain('海缆新材有限公司');

    // the register says since that the second stage is signed: the cell is filled in, and the last sheet tells of it
    await admin.evaluate(async () => {
      const { projects } = (await (await fetch('/api/projects?words=叶片二期')).json()) as {
        projects: { id: string; name_zh: string }[];
      };
      const id = projects.find(({ name_zh }) => name_zh === '叶片二期项目')?.id;
      await fetch(`/api/projects/${id}/milestones`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ stage: 'signed', reached_on: '2026-05-06', evidence: '合同' }),
      });
    });
    const later = textOf(await save('按原样导出'));
    expect(later).toContain('变更');
    expect(later).toContain('2026-05-06');
  });

  it('is taken once, as it says in English on a phone', async () => {
    await admin.setViewportSize(phone.viewport ?? { width: 390, height: 844 });
    await admin.goto(`${luodi.url}/?page=projects&lang=en`);
    await press(admin, 'Ledger of projects');
    await shown(admin, '2026台账.xlsx');
    await field(admin, 'ledger-as-of').fill('2026-03-31');
    await field(admin, 'ledger-file').setInputFiles(file);
    await shown(admin, 'This file was taken in: 3 made, 0 changed');
    await expect.poll(() => panel(admin).getByRole('button', { name: 'Take it in' }).isDisabled()).toBe(true);
    expect(await graveFindings(admin)).toEqual([]);
    await shoot(admin, 'ledger', 'taken-en-phone');
    expect(
      await panel(admin).evaluate((node) => node.scrollWidth - node.clientWidth),
      'nothing is wider than the phone',
    ).toBeLessThanOrEqual(0);
    // a project that it made says where each fact came from
    await admin.goto(`${luodi.url}/?page=projects&lang=zh`);
    await field(admin, 'words').fill('海缆接头');
    await panel(admin).locator('li a', { hasText: '海缆接头项目' }).click();
    await shown(admin, '《2026台账》台账 3');
    await shown(admin, /本年固定资产投资 · 120 万 CNY/);
  });
});
