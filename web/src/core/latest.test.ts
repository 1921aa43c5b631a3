import { expect, it } from 'vitest';
import { Latest } from './latest';

/** A work whose answer comes when it is told to. */
function asked<T>(): { answer: Promise<T>; give: (value: T) => void; fail: (error: Error) => void } {
  let give!: (value: T) => void;
  let fail!: (error: Error) => void;
  const answer = new Promise<T>((resolve, reject) => {
    give = resolve;
    fail = reject;
  });
  return { answer, give, fail };
}

function reader() {
  const latest = new Latest();
  const state = { shown: 'nothing' };
  const read = (answer: Promise<string>) =>
    latest.run(async (overtaken) => {
      const text = await answer;
      if (!overtaken()) state.shown = text;
    });
  return { latest, state, read };
}

it('keeps what began last, in whatever order the answers come', async () => {
  const { state, read } = reader();
  const [past, today] = [asked<string>(), asked<string>()];
  const first = read(past.answer);
  const second = read(today.answer);
  today.give('today');
  await second;
  past.give('the past');
  await first;
  expect(state.shown).toBe('today');
});

it('lets the overtaken end no sooner than the last', async () => {
  const { latest, state, read } = reader();
  const [past, today] = [asked<string>(), asked<string>()];
  const first = read(past.answer).then(() => state.shown);
  const second = read(today.answer);
  past.give('the past');
  await past.answer;
  expect(state.shown).toBe('nothing');
  let settled = false;
  const settling = latest.settled().then(() => (settled = true));
  await Promise.resolve();
  expect(settled).toBe(false);
  today.give('today');
  await Promise.all([second, settling]);
  expect(await first).toBe('today');
  expect(latest.begun).toBe(2);
});

it('fails by the last alone', async () => {
  const { state, read } = reader();
  const [one, two, three] = [asked<string>(), asked<string>(), asked<string>()];
  const lost = read(one.answer);
  const kept = read(two.answer);
  one.fail(new Error('the network'));
  two.give('kept');
  await Promise.all([lost, kept]);
  expect(state.shown).toBe('kept');
  const broken = read(three.answer);
  three.fail(new Error('broken'));
  await expect(broken).rejects.toThrow('broken');
});
