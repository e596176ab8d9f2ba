import { cloudShell, placeOf } from './commands';
import type { Command, NoticeContext, Piece, Step } from './sheet';
import { BODY, INNER, plain, whole, wrap } from './text';

/** Steps under their numbers, in blocks: a blank line follows only what shows a command. No command is shown twice. */
export function numbered(steps: readonly Step[], context: NoticeContext): readonly string[] {
  const shown: Shown = { commands: new Map(), policies: new Set(), places: new Set() };
  const blocks: string[] = [];
  let open = false;
  steps.forEach(([first, ...more], index) => {
    const lines = [
      wrap(first, `${BODY}${index + 1}. `, INNER),
      ...more.flatMap((part) => piece(part, index + 1, shown, context)),
    ];
    const text = lines
      .join('\n')
      .replace(/\n{3,}/g, '\n\n')
      .trimEnd();
    if (open) blocks.push(`${blocks.pop()}\n${text}`);
    else blocks.push(text);
    open = !text.includes('\n\n');
  });
  return blocks;
}

/** What the mail has shown so far. */
interface Shown {
  /** Commands, with the number of their step. */
  readonly commands: Map<string, number>;
  readonly policies: Set<Command['policy']>;
  /** Where commands for something of the team's own are run. */
  readonly places: Set<string>;
}

function piece(part: Piece, step: number, shown: Shown, context: NoticeContext): readonly string[] {
  if (typeof part === 'string') return [wrap(part, INNER)];
  if ('link' in part) return [whole(part.link, INNER)];
  if (!('run' in part)) return [];
  const before = shown.commands.get(part.run);
  if (before !== undefined) return [wrap(`The command is that of step ${before}.`, INNER)];
  shown.commands.set(part.run, step);
  if ('where' in part) {
    const parts = [part.about, shown.places.has(part.where) ? undefined : part.where];
    shown.places.add(part.where);
    const text = parts.filter((each) => each !== undefined).join(', ');
    return [
      ...(text === '' ? [] : [wrap(`${text.charAt(0).toUpperCase()}${text.slice(1)}:`, INNER)]),
      `\n${whole(part.run)}\n`,
    ];
  }
  return [...access(part, shown, context), `\n${whole(part.run)}\n`];
}

/** Where the first command is pasted, and who may. After that, only what a command needs besides. */
function access(
  { policy }: Command,
  { policies }: Shown,
  { key, deployed }: NoticeContext,
): readonly string[] {
  const first = policies.size === 0;
  if (policies.has(policy) || policies.has('responder')) return [];
  policies.add(policy);
  const name = plain(deployed.policies[policy], 80);
  if (!first) return [wrap(`With the policy ${name}:`, INNER)];
  const shell = cloudShell(key);
  return [
    wrap(`${whereToPaste({ key, deployed }, policy)}:`, INNER),
    ...(shell ? [whole(shell, INNER)] : []),
  ];
}

/** In which shell a command is pasted, and what one needs there. */
export function whereToPaste(
  { key, deployed }: Pick<NoticeContext, 'key' | 'deployed'>,
  policy: Command['policy'],
): string {
  const { account } = placeOf(key);
  const name = plain(deployed.policies[policy], 80);
  return `In bash or zsh${cloudShell(key) ? ', e.g. CloudShell' : ''}, signed in to AWS${account ? ` account ${account}` : ''} with the policy ${name}`;
}

/** Good practice for a new key, which is shown below what is to be done. */
export const adviceOf = (steps: readonly Step[]): readonly string[] =>
  steps.flat().flatMap((part) => (typeof part === 'object' && 'ofNewKey' in part ? part.ofNewKey : []));

/** The commands of the command line, below the numbers of their steps. */
export const checkoutOf = (steps: readonly Step[]): readonly string[] =>
  steps.flatMap((parts, index) => {
    const commands = parts.flatMap((part) =>
      typeof part === 'object' && 'inCheckout' in part && part.inCheckout ? part.inCheckout : [],
    );
    return commands.length > 0 ? [`${BODY}Step ${index + 1}:\n${whole(commands.join('\n'))}`] : [];
  });

export const points = (texts: readonly string[]) =>
  texts.map((text) => wrap(text, `${BODY}- `, `${BODY}  `)).join('\n');
