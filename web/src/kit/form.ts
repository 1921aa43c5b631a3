import { tick } from 'svelte';

/** Runs what a submitted form asks for, then leads to the first field that was found wrong. */
export function submitting(work: () => Promise<void>): (event: SubmitEvent) => Promise<void> {
  return async (event) => {
    event.preventDefault();
    const form = event.currentTarget as HTMLFormElement;
    await work();
    await tick();
    form.querySelector<HTMLElement>('[aria-invalid]')?.focus();
  };
}
