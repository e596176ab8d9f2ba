import { refusalMessage } from '../../key-format';
import type { LiveState } from '../../secret';
import { CONSOLE } from '../../wording/commands';
import { hasNone, withoutTheNewKey } from '../../wording/phrases';
import type { NoticeContext, Step } from '../../wording/sheet';
import { keyFromElsewhere, putInAnotherKey, READABLE } from '../../wording/steps';
import { hintText, plain, token } from '../../wording/text';
import { defineKind, WHEN_TOLD } from '../finding';
import { ONCE } from '../repeat';

/** A submission was refused. The version stays readable in the history: the notice says what to do about that. */
export interface Rejected {
  readonly version: string;
  readonly reason: string;
  readonly what: string;
  readonly live: LiveState;
}

/** Refusals that are no matter of the pasted text. */
const REFUSED: Readonly<Record<string, string>> = {
  dead: 'Anthropic refuses it: it was disabled, has expired, or was not copied whole.',
  leaked: 'It was reported as leaked: whoever has it could use the service.',
  elsewhere: 'It belongs to another workspace or organization than this environment.',
  'duplicate-of-current': 'It is the key that is live already. A rotation needs a new one.',
  'duplicate-of-retiring':
    'It is an old key of this service that is about to be switched off. To go back to it, use rollback.',
  'duplicate-of-another-secret':
    'Another secret uses it already. Each service needs a key of its own, or a leak of one stops both.',
  'too-many-retiring':
    'At least 12 old keys of this service still wait for their end, and AWS allows 20 labels per secret. Switch the old keys off first.',
  owner: 'Its creator is no longer a member of the organization.',
  'workspace-config': 'Its workspace is not set up for it, or it is not scoped to one workspace.',
  permission: 'It may not send messages: it or its owner lacks the permission.',
  'ip-allowlist': 'The IP allowlist of the organization does not let the functions in that test it.',
};

/** Why a submission was refused, as a sentence for people. */
export const refusalInWords = (reason: string): string =>
  REFUSED[reason] ?? refusalMessage(reason) ?? plain(reason);

/** A key in proper use: revoking it would stop a service. */
const IN_USE = ['duplicate-of-current', 'duplicate-of-retiring', 'duplicate-of-another-secret'];

/** A good key in a bad place: it may be handed in again when that is settled. */
const CURABLE = ['workspace-config', 'permission', 'ip-allowlist', 'too-many-retiring'];

/** Nothing that anybody could use. */
const HARMLESS = ['dead', 'empty', 'placeholder', 'stopped', 'truncated', 'url', 'arn', 'key-id'];

function whatToDoWithIt(reason: string): Step {
  if (reason === 'elsewhere') return keyFromElsewhere;
  if (IN_USE.includes(reason)) return ['Do not revoke it: it is in use.'];
  if (HARMLESS.includes(reason)) return ['Nothing to revoke: what was handed in is of no use to anybody.'];
  if (CURABLE.includes(reason))
    return [
      'Settle that in the Claude Console, and hand the same key in again; or disable it there and go on:',
      { link: CONSOLE.keys },
    ];
  return [
    `Revoke what was handed in, where it came from: it ${READABLE}. For an Anthropic key that is here:`,
    { link: CONSOLE.keys },
  ];
}

export const rejected = defineKind({
  kind: 'rejected',
  severity: 'warning',
  repeat: ONCE,
  snooze: false,
  event: 'Key Rejected',
  page: 'submission refused',
  listed: WHEN_TOLD,
  mail: ({ version, reason, what, live }: Rejected, context: NoticeContext) => ({
    headline: 'Submitted key was refused: nothing changed',
    truth: [
      `${what.startsWith('sk-ant-') ? `The key ${hintText(what)} that` : 'What'} was handed in was refused${hasNone(live) ? '' : ', and the live key was left alone'}. ${refusalInWords(reason)}`,
    ],
    keys: [],
    steps: [whatToDoWithIt(reason), ...putInAnotherKey(context)],
    otherwise: [
      `${withoutTheNewKey(live)}${hasNone(live) ? '' : ' The deadline of that key has not changed.'}`,
    ],
    evidence: [
      `Version ${token(version) ?? '(id unknown)'} of the secret was judged. A key becomes live only after a success of its own.`,
    ],
  }),
});
