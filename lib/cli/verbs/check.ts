import type { LabelMove } from '../../domain/label-move';
import type { RememberedVerdict } from '../../domain/memory';
import { isRefusedReason } from '../../domain/probe/vote';
import { CLI_COMMAND } from '../../domain/wording/cli-command';
import { absolute } from '../../domain/wording/text';
import type { Answer } from '../../workflows/run-command';
import { EXIT } from '../exit-code';
import { invokeCheck, keyVerb } from '../key-verb';
import { managedKey } from '../managed-key';
import { type Style, wrap } from '../style';
import { because, findingInWords } from '../words';

type Checked = Answer<{ verb: 'check' }>;

/** Checks a key now, as its schedule does. */
export const check = keyVerb({
  name: 'check',
  policy: 'operator',
  summary: 'check a key now, exactly as its schedule does',
  about:
    'Invokes the deployed check for one key: it asks Anthropic about the key, finishes what was interrupted, and sends the notices that are due. It is safe to repeat. A key that seems dead is asked twice, a minute apart, beside a key that works. Exit code 3 means that something needs attention, or that no answer was conclusive.',
  examples: ['check prod/api-gateway', 'check prod/api-gateway --json'],
  seeAlso: ['show', 'status', 'doctor'],
  document: 'check/1',
  plan: (key, _, context) => ({
    steps: [`Invoke the check of ${key.name} in ${key.identity.environment}, as its schedule does.`],
    async execute() {
      const { name } = key;
      const text = `Checking ${name} (a minute longer if a key seems dead)`;
      const checked = await invokeCheck(text, key, { verb: 'check' }, context);
      const { memory } = managedKey(await context.store.describe(key.secret.arn));
      const pressing = checked.findings.some(({ severity }) => severity !== 'info');
      const unknown = checked.verdict?.kind === 'UNKNOWN';
      return {
        exit: pressing || unknown ? EXIT.attention : EXIT.fine,
        json: { key: name, remembered: memory.verdict, ...checked },
        text: (style) => render(name, memory.verdict, checked, style),
      };
    },
  }),
});

const MOVED: Readonly<Record<LabelMove['do'], string>> = {
  'mark-leaked': 'the leak was marked',
  follow: 'the refused key is followed',
  pin: 'an old key got its deadline',
  unpin: 'a deadline that no longer applies was removed',
  accept: 'the live key was accepted',
  'clear-submitted': 'the label of a finished submission was removed',
  'clear-pending': 'a dead rotation was cleaned up',
  'make-current': 'a bad value was taken back: the accepted key is live again',
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
    ...moves.map((move) => `  ${MOVED[move.do]}`),
    ...findings.map(({ id, severity }) => `  ${tone[severity](severity.padEnd(8))}  ${findingInWords(id)}`),
    findings.length === 0 && checked.verdict?.kind !== 'UNKNOWN'
      ? 'Nothing to report.'
      : `More: ${CLI_COMMAND} show ${name}`,
  ].join('\n');
}

/** The answer of this run. A remembered verdict is named as such: it may be days old. */
function state(
  remembered: RememberedVerdict | undefined,
  { verdict }: Checked,
  { good, warn, bad }: Style,
): string {
  if (!remembered) return 'No key is live yet.';
  const last =
    remembered.kind === 'UNKNOWN'
      ? 'There was never a conclusive answer.'
      : `Last conclusive answer: ${remembered.kind}${because(remembered.reason)}.`;
  if (!verdict) return `${remembered.hint} was not asked this time. ${last}`;
  const { kind, reason, status, requestId, advice } = verdict;
  const why = because(reason);
  const answer = requestId ? ` Anthropic answered ${status}, request ${requestId}.` : '';
  if (kind === 'ALIVE') return `${remembered.hint} is ${good(kind)}.`;
  if (kind !== 'UNKNOWN') return `${remembered.hint} is ${bad(kind)}${why}.${answer} ${advice}`;
  if (isRefusedReason(reason))
    return `${remembered.hint} is ${bad('REFUSED')}, not proven dead.${answer} ${advice}`;
  const since = remembered.unknownSince ? ` since ${absolute(remembered.unknownSince)}` : '';
  return `${warn(`No conclusive answer${why}`)} about ${remembered.hint}${since}. ${last}${answer} ${advice}`;
}
