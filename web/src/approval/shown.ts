import type { FlowNow, FlowStep } from '../core/api';

/** A step as it is drawn and listed; who may not see what time was won or note what happened has none of that. */
export type ShownStep = Omit<FlowStep, 'won' | 'won_by' | 'spent' | 'next' | 'source'> &
  Partial<Pick<FlowStep, 'won' | 'won_by' | 'next'>>;

/** What of a flow the chart and the list show. */
export type ShownFlow<S extends ShownStep = ShownStep> = Pick<
  FlowNow,
  'start' | 'stages' | 'departments' | 'documents'
> & { steps: S[] };
