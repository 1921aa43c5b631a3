import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { graveFindings } from './axe';
import { launch, phone } from './browser';
import { dataFolder, removeFolder, startLuodi, type Luodi } from './luodi';
import { accept, addUser, shoot } from './planner';

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

/** Opens a small form, fills it in by the names of its fields, and saves it. */
async function note(
  page: Page,
  within: string,
  label: string,
  typed: Record<string, string>,
  chosen: Record<string, string> = {},
): Promise<void> {
  const place = page.locator(within);
  await place.getByRole('button', { name: label, exact: true }).click();
  const form = place.getByRole('form', { name: label, exact: true });
  for (const [name, text] of Object.entries(typed)) await form.locator(`[name="${name}"]`).fill(text);
  for (const [name, label] of Object.entries(chosen))
    await form.locator(`[name="${name}"]`).selectOption({ label });
  await form.getByRole('button', { name: '保存' }).click();
  await form.waitFor({ state: 'detached' });
}

const piece = '[data-piece-of=precursor]';
const target = `${piece} [data-target="吉林原丝"]`;
const said = (voice: string) => admin.locator(`${piece} [data-voice=${voice}]`);

describe('a missing piece of the chain', () => {
  it('is told by the sample with voices that disagree, marked as made up, in both languages', async () => {
    const fabric = admin.locator('[data-piece-of=fabric]');
    for (const [lang, said, firm] of [
      ['zh', '示意：织物好买', '目标企业 01（占位）'],
      ['en', 'illustrative: fabric is easily bought', 'Target firm 01 (placeholder)'],
    ] as const) {
      await admin.goto(`${luodi.url}/?panel=chain&lang=${lang}`);
      await admin.locator('.gaps > li[data-node=fabric] button.gap').click();
      await fabric.locator('[data-voice=entrepreneur]').getByText(said).waitFor();
      await fabric.getByText(firm).first().waitFor();
      await fabric.locator('.seal').first().waitFor();
      expect(await fabric.innerText()).not.toMatch(lang === 'zh' ? /illustrative|placeholder/ : /示意|占位/);
      expect(await graveFindings(admin)).toEqual([]);
      await fabric.scrollIntoViewIfNeeded();
      await shoot(admin, 'promotion', `sample-${lang}`);
    }
  });

  it('has an owner, three voices, a target firm that answers and becomes a project', async () => {
    await admin.goto(`${luodi.url}/?panel=chain`);
    const force = '[data-force="4"]'; // the sample's first is in charge already
    await admin.locator('[data-sum=forces] summary').click();
    await note(admin, force, '负责这条产业链', {});
    for (const [name, voice] of [
      ['材料学教授', '教授 · 方向'],
      ['复材企业家', '企业家 · 行业'],
      ['一线干部', '一线干部 · 不可缺'],
    ] as const)
      await note(admin, force, '＋ 增加专家', { name }, { voice });

    await admin.locator('.gaps > li[data-node=precursor] button.gap').click();
    await note(admin, piece, '＋ 指定责任队伍', {});
    await admin.locator(piece).getByText('由王芳指定').waitFor();

    const experts = ['材料学教授', '复材企业家', '一线干部'];
    const voices = ['教授 · 方向', '企业家 · 行业', '一线干部 · 不可缺'];
    for (const [i, verdict] of ['必需', '不必', '有益'].entries()) {
      const form = admin.locator(piece).getByRole('form', { name: '＋ 登记专家意见' });
      await admin.locator(piece).getByRole('button', { name: '＋ 登记专家意见' }).click();
      const option = form.locator('select[name=expert] option', { hasText: `${experts[i]} · ${voices[i]}` });
      await form.locator('[name=expert]').selectOption(await option.getAttribute('value'));
      await form.locator('[name=verdict]').selectOption({ label: verdict });
      await form.locator('[name=why]').fill('近原丝则省');
      await form.getByRole('button', { name: '保存' }).click();
      await form.waitFor({ state: 'detached' });
    }
    await said('professor').getByText('必需').waitFor();

    // an expert with an account, who leaves again: what the others said stays
    await admin.locator(force).getByRole('button', { name: '＋ 增加专家' }).click();
    const added = admin.locator(force).getByRole('form', { name: '＋ 增加专家' });
    await added.locator('[name=name]').fill('新教授');
    await added.locator('[name=account]').focus();
    await added.locator('[name=account] option', { hasText: '王芳' }).waitFor({ state: 'attached' });
    await added.locator('[name=account]').selectOption({ label: '王芳' });
    await added.getByRole('button', { name: '保存' }).click();
    await admin.locator(force).getByRole('button', { name: '新教授 离开' }).click();
    await admin.locator(force).getByText('新教授').first().waitFor({ state: 'detached' });
    await shoot(admin, 'promotion', 'forces-zh');
    await said('entrepreneur').getByText('不必').waitFor();
    await said('official').getByText('有益').waitFor();
    await admin.locator(piece).getByText('意见不一', { exact: true }).first().waitFor();

    await note(admin, piece, '＋ 登记目标企业', { name: '吉林原丝', place: '吉林', source: '展会名录' });
    await note(
      admin,
      target,
      '登记答复',
      { note: '愿来看地', next_step: '送蒸汽价格', due: '2099-01-01' },
      { answer: '有意向' },
    );
    await admin.locator(target).getByText('送蒸汽价格').waitFor();
    await note(admin, target, '成为项目', { code: 'YS-01' });
    await admin.locator(target).getByText('已成为项目：吉林原丝').waitFor();
    await admin.locator(piece).getByText('补链', { exact: true }).waitFor();
    expect(await graveFindings(admin)).toEqual([]);
    await admin.locator(piece).scrollIntoViewIfNeeded();
    await shoot(admin, 'promotion', 'piece-zh');
    await admin.locator('[data-sum=teams] summary').click();
    await admin.locator('[data-sum=teams]').getByText('目标企业 1，接洽 1').first().waitFor();
    await admin.locator('[data-sum=teams]').scrollIntoViewIfNeeded();
    await shoot(admin, 'promotion', 'teams-zh');
  });

  it('reads in English on a phone, where titles of a company expire', async () => {
    await admin.setViewportSize(phone.viewport ?? { width: 360, height: 740 });
    await admin.goto(`${luodi.url}/?panel=chain&lang=en`);
    await admin.locator('.gaps > li[data-node=precursor] button.gap').click();
    await admin.locator(piece).getByText('They disagree').first().waitFor();
    expect(await graveFindings(admin)).toEqual([]);
    await admin.locator(piece).scrollIntoViewIfNeeded();
    await shoot(admin, 'promotion', 'piece-en-phone');
    await admin.goto(`${luodi.url}/?page=parties&lang=zh`);
    await admin.locator('.facts [name=words]').fill('吉林原丝');
    await admin.locator('.facts li a', { hasText: '吉林原丝' }).first().click();
    await note(admin, '[data-titles]', '＋ 登记称号', {
      from: '2023-07-01',
      until: '2026-07-01',
      source: '名单',
    });
    await admin.locator('[data-titles]').getByText('已到期').waitFor();
    expect(await graveFindings(admin)).toEqual([]);
    await shoot(admin, 'promotion', 'titles-zh-phone');
  });
});
