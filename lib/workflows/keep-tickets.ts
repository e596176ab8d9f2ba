import type { TicketPlan, TicketStep } from '../domain/tickets/plan';
import { type IssueTracker, TrackerError } from './operator-ports';

/** A step that was done, with the number of its issue. */
export interface DoneStep {
  readonly does: TicketStep['does'];
  readonly number: number;
}

/** What became of a plan. Whatever is missing, the next run does: nothing is remembered but by the issues themselves. */
export interface KeptTickets {
  readonly done: readonly DoneStep[];
  /** What was not done, and why, a sentence each. */
  readonly failed: readonly string[];
  /** Steps that were not tried, because all of them would have failed. */
  readonly untried: number;
}

/** Does one step after the other. One that fails keeps no other from being done, unless it says that all would fail. */
export async function keepTickets(
  { steps }: Pick<TicketPlan, 'steps'>,
  tracker: IssueTracker,
  show: (done: number) => void = () => {},
): Promise<KeptTickets> {
  const done: DoneStep[] = [];
  const failed: string[] = [];
  for (const [index, step] of steps.entries()) {
    show(index);
    try {
      done.push({ does: step.does, number: await perform(step, tracker) });
    } catch (error) {
      if (!(error instanceof TrackerError)) throw error;
      failed.push(`${nameStep(step)}: ${error.message}`);
      if (error.concerns === 'all') return { done, failed, untried: steps.length - index - 1 };
    }
  }
  return { done, failed, untried: 0 };
}

const STATES = {
  reopen: 'open',
  close: 'done',
  'close-duplicate': 'not-planned',
  update: undefined,
} as const;

async function perform(step: TicketStep, tracker: IssueTracker): Promise<number> {
  if (step.does === 'open') return tracker.open(step);
  const { does, number, text, comment } = step;
  // The state first: a comment that failed must not be made again with every run.
  await tracker.change(number, { text, state: STATES[does] });
  if (comment) await tracker.comment(number, comment);
  return number;
}

/** A step in words, without a full stop. */
export const nameStep = (step: TicketStep) =>
  step.does === 'open' ? `Open "${step.title}"` : `${WORDS[step.does]} #${step.number}`;

const WORDS = {
  reopen: 'Reopen',
  close: 'Close',
  'close-duplicate': 'Close the duplicate',
  update: 'Write anew',
} as const;
