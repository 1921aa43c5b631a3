/** Whether the reader's system doesn't ask for less motion. */
export const motionWelcome = (): boolean => !matchMedia('(prefers-reduced-motion: reduce)').matches;
