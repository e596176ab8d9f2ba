import type { RememberedVerdict } from '../../domain/memory';
import type { LabelMove } from '../../domain/secret';
import { CALL } from '../../domain/wording/commands';
import { absolute } from '../../domain/wording/text';
import type { Answer } from '../../workflows/run-command';
import { EXIT } from '../exit-code';
import { findKey, readKeyName } from '../find-key';
import { managedKey } from '../managed-key';
import { type Style, wrap } from '../style';
import type { Verb } from '../verb';
import { waitFor } from '../wait';

interface Intent {
  readonly key: string;
}

type Checked = Answer<'check'>;

/** Checks a key now, as its schedule does. */
export const check: Verb<Intent> = {
  name: 'check',
  summary: 'check a key now, exactly as its schedule does',
  about:
    'Has the deployed function check one key: it asks Anthropic about it, finishes what was interrupted, sends the notices that are due. Running it again does no harm. A key that seems dead is asked twice, a minute apart. Exit code 3 where something needs attention, or where no answer was conclusive.',
  argument: ['<key>', 'such as prod/api-gateway'],
  examples: ['check prod/api-gateway', 'check prod/api-gateway --json'],
  seeAlso: ['show', 'status', 'doctor'],
  read: (key) => ({ key: readKeyName(key) }),
  async prepare({ key }, { store, functions, terminal }) {
    const { name, identity } = managedKey(await findKey(key, store));
    return {
      steps: [`Invoke the check of ${name} in ${identity.environment}, as its schedule does.`],
      async execute() {
        const checked = await waitFor(
          terminal,
          `Checking ${name} (a minute longer where a key seems dead)`,
          () => functions.check(identity, { verb: 'check' }),
        );
        const { memory } = managedKey(await store.describe(identity.secretArn));
        const pressing = checked.findings.some(({ severity }) => severity !== 'info');
        const unknown = checked.verdict?.kind === 'UNKNOWN';
        return {
          exit: pressing || unknown ? EXIT.attention : EXIT.fine,
          json: { key: name, remembered: memory.verdict, ...checked },
          text: (style) => render(name, memory.verdict, checked, style),
        };
      },
    };
  },
};

const SAYS: Readonly<Record<LabelMove['do'], string>> = {
  pin: 'an old key got its deadline',
  unpin: 'a deadline that says nothing any more was taken off',
  accept: 'the live key was accepted',
  'clear-submitted': 'a finished submission lost its label',
  'clear-pending': 'a rotation that had died was cleared away',
  'make-current': 'a bad edit was undone: the accepted key is live again',
};

function render(
  name: string,
  remembered: RememberedVerdict | undefined,
  checked: Checked,
  style: Style,
): string {
  const { findings, moves } = checked;
  const tone = { info: style.dim, warning: style.warn, critical: style.bad } as const;
  return [
    wrap(`${name}: ${state(remembered, checked, style)}`, style.columns),
    ...moves.map((move) => `  ${SAYS[move.do]}`),
    ...findings.map(({ id, severity }) => `  ${tone[severity](severity.padEnd(8))}  ${id}`),
    findings.length === 0 && checked.verdict?.kind !== 'UNKNOWN'
      ? 'Nothing to report.'
      : `More: ${CALL} show ${name}`,
  ].join('\n');
}

/** The answer of this run. What is remembered is named as that: it may be days old, and says nothing of today. */
function state(
  remembered: RememberedVerdict | undefined,
  { verdict }: Checked,
  { good, warn, bad }: Style,
): string {
  if (!remembered) return 'No key is live yet.';
  const last =
    remembered.kind === 'UNKNOWN'
      ? 'Nothing was ever established.'
      : `Last established: ${remembered.kind}${remembered.reason ? ` (${remembered.reason})` : ''}.`;
  if (!verdict) return `${remembered.hint} was not asked now. ${last}`;
  const { kind, reason, status, requestId, advice } = verdict;
  const because = reason ? ` (${reason})` : '';
  const answer = requestId ? ` Anthropic answered ${status}, request ${requestId}.` : '';
  if (kind === 'ALIVE') return `${remembered.hint} is ${good(kind)}.`;
  if (kind !== 'UNKNOWN') return `${remembered.hint} is ${bad(kind)}${because}.${answer} ${advice}`;
  const since = remembered.unknownSince ? ` since ${absolute(remembered.unknownSince)}` : '';
  return `${warn(`No conclusive answer${because}`)} about ${remembered.hint}${since}. ${last}${answer} ${advice}`;
}
