import type { Command, Order, Outcome } from '../core/orders';
import type { Wire } from '../core/wire';

/** A change that waits for a second person's word. */
export interface Proposed {
  proposal: string;
}

/** What became of an order: done, with the command that reverses it, or waiting for approval. */
export type Transacted = { done: Outcome; inverse: Command } | { proposed: Proposed };

/** The server's answer: an outcome, or the proposal that was made of the order. */
type Answer = Outcome | { id: string; state: string };

const path = (park: string): string => `/api/parks/${encodeURIComponent(park)}/records`;

/** Asks what an order would do; nothing is kept. Rejects as Wire does. */
export function preview(wire: Wire, park: string, order: Order, signal?: AbortSignal): Promise<Outcome> {
  return wire.ask(`${path(park)}?preview=true`, { method: 'POST', body: order, ...(signal && { signal }) });
}

/**
 * Carries an order out. `key` makes it safe to send again: the same key and order get the first answer. Nothing
 * is ever undone in place: the inverse is a command that makes a further record. Rejects as Wire does.
 */
export async function transact(wire: Wire, park: string, order: Order, key: string): Promise<Transacted> {
  const answer = await wire.ask<Answer>(path(park), {
    method: 'POST',
    body: order,
    headers: { 'Idempotency-Key': key },
  });
  if ('state' in answer) return { proposed: { proposal: answer.id } };
  return { done: answer, inverse: { kind: 'revert', reverts: answer.seq } };
}
