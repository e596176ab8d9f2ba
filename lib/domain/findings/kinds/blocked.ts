import type { KeyRef } from '../../key';
import { METRIC } from '../../metrics';
import type { BlockedReason } from '../../probe/outcomes';
import type { Evidence } from '../../probe/verdict';
import { utcDay } from '../../time';
import * as actions from '../../wording/actions';
import { CONSOLE } from '../../wording/commands';
import { probed } from '../../wording/phrases';
import { putInAnotherKey, stopSuspect } from '../../wording/steps';
import { hintText, moment, token } from '../../wording/text';
import { defineKind, type NoticeContext, type Step } from '../finding';
import { PATIENT } from '../repeat';

/** What blocks every key of an organization raises one alarm instead of one mail per key. Source: docs/adr/0008. */
const ORGANIZATION_WIDE = [
  {
    reason: 'billing',
    name: 'blocked-billing',
    metric: METRIC.blockedBilling,
    says: 'Keys are refused because the organization has no credit or no billing. They are not dead.',
  },
  {
    reason: 'spend-limit',
    name: 'blocked-spend-limit',
    metric: METRIC.blockedSpendLimit,
    says: 'Keys are refused because a spend limit of yours is reached. They are not dead.',
  },
  {
    reason: 'organization',
    name: 'blocked-organization',
    metric: METRIC.blockedOrganization,
    says: 'Keys are refused because Anthropic has the whole organization on hold.',
  },
] as const;

/** The live key authenticates but cannot be used. */
export interface Blocked {
  readonly current: KeyRef;
  readonly reason: BlockedReason;
  readonly since: Date;
  readonly advice: string;
  readonly evidence: Evidence;
}

interface Block {
  readonly headline: string;
  /** Continues "The key is valid, but". */
  readonly but: string;
  readonly steps: (context: NoticeContext, current: KeyRef) => readonly Step[];
  /** What happens if nothing is done. @default calls fail with the same error */
  readonly otherwise?: string;
}

const FAILS = 'Calls from the service fail with the same error until this is fixed.';

const UNCHECKED = 'This key cannot be checked, and no new key can be tested and promoted.';

const NO_NEW_KEY = 'A new key does not help.';

/** A different person can fix each reason, so each says whom to ask and where. */
const BLOCKS: Readonly<Record<BlockedReason, Block>> = {
  billing: {
    headline: 'Anthropic cannot bill the organization',
    but: `the organization has no credit or no working payment method. This affects every key of the organization. ${NO_NEW_KEY}`,
    steps: () => [
      ['Ask a billing administrator to add credit or a payment method:', { link: CONSOLE.billing }],
    ],
  },
  'spend-limit': {
    headline: 'one of your own spend limits is reached',
    but: `a spend limit that your organization set, for itself or for this workspace, has been reached. ${NO_NEW_KEY}`,
    steps: (context, current) => [
      ['Check whether the spending is yours. If not, the key may have leaked:', { link: CONSOLE.usage }],
      stopSuspect(context, current, 'spending that is not ours'),
      [
        "If it is, ask an administrator to raise the limit, or wait until it resets. Check the workspace's limit first, then the organization's:",
        { link: CONSOLE.workspaces },
        { link: CONSOLE.billing },
      ],
    ],
    otherwise: 'Calls from the service fail until the limit is raised or resets.',
  },
  organization: {
    headline: 'the Anthropic organization is on hold',
    but: `Anthropic has put the organization on hold or disabled it. This affects every key of the organization. ${NO_NEW_KEY}`,
    steps: () => [
      [
        'Ask an owner of the organization to sign in to the Claude Console and resolve this with Anthropic:',
        { link: CONSOLE.billing },
      ],
    ],
  },
  owner: {
    headline: 'its creator left the organization',
    but: 'the person it belongs to is no longer a member of the organization. Only a new key helps.',
    steps: (context) => putInAnotherKey(context),
  },
  'workspace-config': {
    headline: 'its workspace is not set up for it',
    but: "its workspace refuses the request. The cause is the workspace's own encryption key, its user profiles, or a key that is not scoped to one workspace.",
    steps: (context) => [
      [
        'Ask an administrator of the workspace to check these three. The error code below says which one it is:',
        { link: CONSOLE.workspaces },
      ],
      ['If the key is not scoped to one workspace, replace it with one that is:', actions.submit(context)],
    ],
  },
  permission: {
    headline: 'it lacks a permission',
    but: 'the key or the account that owns it lacks the permission for this request.',
    steps: (context) => [
      [
        'Ask an administrator what changed for this key and its owner, and to restore the permission:',
        { link: CONSOLE.keys },
      ],
      ['Or replace it with a key that has the permission:', actions.submit(context)],
    ],
    otherwise: 'Calls from the service that need the permission fail.',
  },
  'ip-allowlist': {
    headline: 'the IP allowlist refuses the check',
    but: `the IP allowlist of your organization does not include the address that the check comes from. The service may use another address and work. ${NO_NEW_KEY}`,
    steps: () => [
      ['Check whether the service itself gets through.'],
      [
        'Ask an administrator to add the outgoing address of the functions (their NAT gateway or proxy) to the allowlist:',
        { link: CONSOLE.workspaces },
      ],
    ],
    otherwise: UNCHECKED,
  },
  model: {
    headline: 'no usable model for its check',
    but: `none of the models that the check tries is available to its workspace. The service is affected only if it uses the same models. ${NO_NEW_KEY}`,
    steps: () => [
      [
        'Set probeModel of this key in keys.yaml to a model that the workspace may use, then deploy. The models are listed here:',
        { link: CONSOLE.workspaces },
      ],
    ],
    otherwise: UNCHECKED,
  },
  'rate-limit': {
    headline: 'rate limit reached for over a day',
    but: `every check for more than a day hit the rate limit of its organization or workspace. ${NO_NEW_KEY}`,
    steps: () => [
      ['Find out which key uses up the limit:', { link: CONSOLE.usage }],
      [
        'Slow that service down, or ask Anthropic for a higher limit. The limits are here:',
        { link: CONSOLE.limits },
      ],
    ],
    otherwise: 'Some or all calls from the service are refused. No new key can be tested and promoted.',
  },
};

export const blocked = defineKind({
  kind: 'blocked',
  severity: 'critical',
  repeat: PATIENT,
  event: 'Key Blocked',
  establishedBy: 'live-answer',
  ends: { says: 'the key is no longer blocked' },
  reportedOtherwise: ({ details }) => ORGANIZATION_WIDE.some(({ reason }) => reason === details.reason),
  alarms: ORGANIZATION_WIDE.map(({ reason, ...alarm }) => ({
    ...alarm,
    section: 'blocked-key',
    oneForAll: true,
    counts: (details: Blocked) => details.reason === reason,
  })),
  need: { word: 'blocked', next: 'settle it in the Claude Console', verb: 'show' },
  page: 'blocked at Anthropic',
  listed: ({ verdict }) => verdict?.kind === 'BLOCKED',
  mail: ({ current, reason, since, evidence }: Blocked, context: NoticeContext) => {
    const { headline, but, steps, otherwise = FAILS } = BLOCKS[reason];
    const code = token(evidence.errorCode) ?? token(evidence.errorType);
    return {
      headline: `Blocked since ${utcDay(since)}: ${headline}`,
      facts: [
        `The API key ${hintText(current.hint)} is valid, but ${but}`,
        `This began ${moment(since, context.now)}.${code ? ` Anthropic reports it as ${code}.` : ''}`,
      ],
      keys: [['Key', current]],
      steps: steps(context, current),
      more: 'blocked',
      consequence: [otherwise, 'Nothing is changed or switched off because of this.'],
      evidence: [
        'Only a key that authenticates gets this answer, so the key is not dead.',
        probed(evidence, context.now),
      ],
    };
  },
});
