import type { LabelMove } from '../../domain/action';
import type { Severity } from '../../domain/finding';
import { EXIT } from '../exit-code';
import { findKey, readKeyName } from '../find-key';
import { managedKey } from '../managed-key';
import { CALL } from '../parse';
import type { Style } from '../style';
import type { Verb } from '../verb';
import { waitFor } from '../wait';

interface Intent {
  readonly key: string;
}

/** What the function found. */
export interface Checked {
  readonly findings: readonly { readonly id: string; readonly rung: string; readonly severity: Severity }[];
  readonly moves: readonly LabelMove[];
}

/** Checks a key now, as its schedule does. */
export const check: Verb<Intent> = {
  name: 'check',
  summary: 'check a key now, exactly as its schedule does',
  about:
    'Has the deployed function check one key: it asks Anthropic about it, finishes what was interrupted, sends the notices that are due. Running it again does no harm. A key that seems dead is asked twice, a minute apart. Exit code 3 where something needs attention.',
  argument: ['<key>', 'such as prod/api-gateway'],
  examples: ['check prod/api-gateway', 'check prod/api-gateway --json'],
  seeAlso: ['show', 'status', 'doctor'],
  read: (key) => ({ key: readKeyName(key) }),
  async prepare({ key }, { store, functions, terminal }) {
    const { name, identity } = managedKey(await findKey(key, store));
    return {
      plan: [`Invoke the check of ${name} in ${identity.environment}, as its schedule does.`],
      async go() {
        const checked = (await waitFor(
          terminal,
          `Checking ${name} (a minute longer where a key seems dead)`,
          () =>
            functions.check(identity.environment, {
              secretId: identity.secretArn,
              command: { verb: 'check' },
            }),
        )) as Checked;
        const pressing = checked.findings.some(({ severity }) => severity !== 'info');
        const after = managedKey(await store.describe(identity.secretArn));
        return {
          exit: pressing ? EXIT.attention : EXIT.fine,
          json: { key: name, verdict: after.memory.verdict, ...checked },
          text: (style) => render(name, after.memory.verdict, checked, style),
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
  verdict: { readonly kind: string; readonly hint: string; readonly reason?: string } | undefined,
  { findings, moves }: Checked,
  { good, warn, bad, dim }: Style,
): string {
  const tone = { info: dim, warning: warn, critical: bad } as const;
  const alive = verdict?.kind === 'ALIVE' ? good : bad;
  const state = verdict
    ? `${verdict.hint} is ${alive(verdict.kind)}${verdict.reason ? ` (${verdict.reason})` : ''}.`
    : 'No key is live yet.';
  return [
    `${name}: ${state}`,
    ...moves.map((move) => `  ${SAYS[move.do]}`),
    ...findings.map(({ id, severity }) => `  ${tone[severity](severity.padEnd(8))}  ${id}`),
    findings.length === 0 ? 'Nothing to report.' : `More: ${CALL} show ${name}`,
  ].join('\n');
}
