import { fork } from 'node:child_process';
import { once } from 'node:events';

/** A program of the bench in a process of its own. It answers each message with one. */
export interface Child {
  /** The next message. @throws Error if the process ends instead */
  answer<Answer>(): Promise<Answer>;
  /** Sends a message, and waits for the answer. @throws Error if the process ends instead */
  ask<Answer>(question: string | object): Promise<Answer>;
  stop(): void;
}

/** Starts a TypeScript file. `subject` names it in an error. */
export function startChild(file: string, subject: string, args: readonly string[] = []): Child {
  const child = fork(file, args, { execArgv: ['--import', 'tsx'] });
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`${subject} ended with ${code}.`);
  });
  // In the end it is meant to, and nobody waits for an answer then.
  ended.catch(() => {});
  const answer = async () => (await Promise.race([once(child, 'message'), ended]))[0];
  return {
    answer,
    ask(question) {
      child.send(question);
      return answer();
    },
    stop: () => void child.kill(),
  };
}
