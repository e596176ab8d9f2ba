import type { Usage } from '../../console/usage';
import { utcDay } from '../../time';
import { keys } from '../../wording/commands';
import type { NoticeContext, Sheet, Write } from '../../wording/sheet';
import { lookAtUsage, moreTime, switchOff, switchOn } from '../../wording/steps';
import { absolute, hintText, hours, moment, plain, said, token } from '../../wording/text';
import type { FindingDetails } from '../finding';

export const graceOver: Write<'grace-over'> = (details, context) =>
  details.liveIn === undefined
    ? switchItOff(details, context)
    : liveElsewhere(details, details.liveIn, context);

type Details = FindingDetails['grace-over'];

const switchItOff = ({ retiring, since, recordId, why }: Details, context: NoticeContext): Sheet => ({
  headline: `Switch the old key off: its grace ended ${utcDay(since)}`,
  truth: [
    `The old key ${hintText(retiring.hint)} was replaced, and its grace ended ${moment(since, context.now)}. It still works. ${plain(why)}`,
  ],
  keys: [['Old key', retiring]],
  steps: [lookAtUsage(retiring), switchOff(context, retiring), moreTime(context, retiring)],
  otherwise: [
    'A key that nobody needs stays alive, and whoever finds it can use it. From tomorrow on this is an alarm. When it is off, the next check proves it dead and says so.',
  ],
  evidence: [
    `The old key still answers after the end of its grace${token(recordId) ? `; its record at Anthropic is ${recordId}` : ''}.`,
  ],
});

const liveElsewhere = (
  { retiring, since }: Details,
  liveIn: string,
  { now, key, policy }: NoticeContext,
): Sheet => ({
  headline: 'Old key is the live key of another service: do not switch it off yet',
  truth: [
    `The old key ${hintText(retiring.hint)} was replaced here, and its grace ended ${moment(since, now)}. But the secret ${said(liveIn)} has it as its live key: switching it off stops that service.`,
  ],
  keys: [['Old key', retiring]],
  steps: [
    [
      `Have a key of its own made for the service of ${said(liveIn)}, and submitted there. Each service needs its own, or a leak of one stops both.`,
    ],
    ['Then switch the old key off here:', { run: keys('retire', key, '--key', retiring.fingerprint) }],
  ],
  otherwise: ['The key stays alive in both places. The weekly report lists keys that two secrets share.'],
  evidence: [
    `The old key still answers after the end of its grace of ${hours(policy.graceHours)}. The last check of ${said(liveIn)} found the same key live there (same SHA-256 fingerprint).`,
  ],
});

export const extended: Write<'extended'> = ({ retiring, until, usage, extension, most }, context) => ({
  headline: `Old key is still used: kept until ${absolute(until)}`,
  truth: [
    `The old key ${hintText(retiring.hint)} is still in use, so it was not switched off. It now works until ${moment(until, context.now)}. This is extension ${extension} of at most ${most}.`,
  ],
  keys: [['Old key', retiring]],
  steps: [lookAtUsage(retiring), ['Then nothing more: an unused key is dealt with at the new deadline.']],
  otherwise: [
    extension < most
      ? 'While it is used, it gets another day each day, until the extensions are used up. Then a person must decide.'
      : 'This was the last extension: at the new deadline a person must decide.',
  ],
  evidence: [used(usage, context.now)],
});

function used(usage: Usage, now: Date): string {
  if (usage.kind !== 'in-use') return 'Anthropic reports use of the old key.';
  const models = usage.models.flatMap((model) => token(model) ?? []).slice(0, 5);
  return `Usage report of Anthropic, as of ${moment(usage.refreshedAt, now)}: ${usage.requests} requests since ${absolute(usage.from)}, the last at ${moment(usage.lastUsed, now)}${models.length > 0 ? `, to ${models.join(', ')}` : ''}.`;
}

export const deactivating: Write<'deactivating'> = ({ retiring, recordId, why }, context) => ({
  headline: 'Old key is being switched off now (can be undone)',
  truth: [
    `The old key ${hintText(retiring.hint)} is being set to inactive at Anthropic right after this mail. ${said(why)}`,
  ],
  keys: [['Old key', retiring]],
  steps: [['Nothing, if all services use the new key.'], switchOn(context, retiring)],
  otherwise: [
    'The old key stays off. A later check proves it dead and sends "Rotation complete". It is never deleted, so it can be switched on again.',
  ],
  evidence: [
    `Record ${token(recordId) ?? '(id unknown)'} at Anthropic is the only one that fits the old key, and it is not the record of the live key. The live key answered as alive in the same run.`,
  ],
});
