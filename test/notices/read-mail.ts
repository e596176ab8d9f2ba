import { WITH_CLI } from '../../lib/domain/notices/render';

/** A step of a mail, as a person reads it. */
export interface MailStep {
  readonly says: string;
  /** Blocks to paste, with the indentation that comes along. */
  readonly blocks: readonly string[];
  /** Commands of the command line, from further below. */
  readonly inCheckout: readonly string[];
  /** The managed policy that the last command needs, by the mail. */
  readonly policy?: string;
}

const part = (text: string, heading: string): readonly string[] => {
  const lines = text.split('\n');
  const from = lines.indexOf(heading);
  if (from < 0) return [];
  const length = lines.slice(from + 1).findIndex((line) => /^\S/.test(line));
  return lines.slice(from + 1, length < 0 ? undefined : from + 1 + length);
};

/** Reads the steps of a mail from its text. A command is what is indented by seven columns. */
export function stepsIn(text: string): readonly MailStep[] {
  const steps: { says: string; blocks: string[]; inCheckout: string[]; policy?: string }[] = [];
  let policy: string | undefined;
  let open = false;
  for (const line of part(text, 'What to do')) {
    const isCommand = line.startsWith('       ');
    const step = steps.at(-1)!;
    if (/^ {2}\d+\. /.test(line)) steps.push({ says: line.slice(5), blocks: [], inCheckout: [], policy });
    else if (isCommand && open) step.blocks.push(`${step.blocks.pop()}\n${line}`);
    else if (isCommand) step.blocks.push(line);
    else if (/^ {5}\S/.test(line)) step.says += ` ${line.trim()}`;
    const last = steps.at(-1);
    if (last) {
      policy = /the policy (\S+[a-z])[.:]?$/.exec(last.says)?.[1] ?? policy;
      last.policy = policy;
    }
    open = isCommand;
  }
  let number = 0;
  for (const line of part(text, WITH_CLI)) {
    const commands = steps[number - 1]?.inCheckout;
    number = Number(/^ {2}Step (\d+):$/.exec(line)?.[1] ?? number);
    if (line.startsWith('       npx')) commands?.push(line);
    else if (line.startsWith('       ')) commands?.push(`${commands.pop()}\n${line}`);
  }
  return steps;
}

/** The line of the body on which the first command begins, from 1; undefined where it has none. */
export function firstCommandAt(text: string): number | undefined {
  const first = stepsIn(text).find(({ blocks }) => blocks.length > 0)?.blocks[0];
  return first === undefined ? undefined : text.slice(0, text.indexOf(first)).split('\n').length;
}
