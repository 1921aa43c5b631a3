import type { Component } from 'svelte';

/** A component whose code is fetched when it is first shown, or ahead of that. */
export class Later<Of = Component> {
  /** Null until its code is here. */
  component = $state.raw<Of | null>(null);
  private fetching: Promise<void> | null = null;

  constructor(private readonly load: () => Promise<{ default: Of }>) {}

  /** Rejects where the server does not give the code; it may be asked for again. */
  fetch(): Promise<void> {
    this.fetching ??= this.load().then(
      ({ default: component }) => void (this.component = component),
      (error: unknown) => {
        this.fetching = null;
        throw error;
      },
    );
    return this.fetching;
  }
}
