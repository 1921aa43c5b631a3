/** Whether keys that are pressed there are text, or change a value: the focus must not be taken from it. */
export const isTyping = (at: EventTarget | null): boolean =>
  at instanceof HTMLElement && at.closest('input, textarea, select, [contenteditable]') !== null;

/** Leads the keys to what has just come on the page. It may come late: who began to type meanwhile goes on typing. */
export function takeFocus(heading: HTMLElement | undefined): void {
  if (!isTyping(document.activeElement)) heading?.focus();
}
