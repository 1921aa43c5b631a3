/** Whether keys that are pressed there are text, or change a value: the focus must not be taken from it. */
export const isTyping = (at: EventTarget | null): boolean =>
  at instanceof HTMLElement && at.closest('input, textarea, select, [contenteditable]') !== null;
