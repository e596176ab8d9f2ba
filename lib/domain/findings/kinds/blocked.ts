import type { KeyRef } from '../../key';
import { METRIC } from '../../metrics';
import type { BlockedReason } from '../../probe/outcomes';
import type { Evidence } from '../../probe/verdict';
import { utcDay } from '../../time';
import { CONSOLE, keys, runbook } from '../../wording/commands';
import { probed } from '../../wording/phrases';
import type { NoticeContext, Step } from '../../wording/sheet';
import { putInAnotherKey } from '../../wording/steps';
import { hintText, moment, token } from '../../wording/text';
import { defineKind } from '../finding';
import { PATIENT } from '../repeat';

/** What hits every key of an organization is told by an alarm, once, and not by one mail per key. Source: docs/adr/0008. */
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

/** The live key authenticates and cannot be used. */
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
  readonly otherwise: string;
}

const FAILS = 'Calls of the service fail with the same answer until this is settled.';

const NO_NEW_KEY = 'A new key does not help.';

/** Each reason has another person who can settle it, so each says whom to ask and where. */
const BLOCKS: Readonly<Record<BlockedReason, Block>> = {
  billing: {
    headline: 'Anthropic cannot bill the organization',
    but: `the organization has no credit or no working payment method. Every key of the organization has this. ${NO_NEW_KEY}`,
    steps: () => [
      ['Ask a billing administrator to add credit or a payment method:', { link: CONSOLE.billing }],
    ],
    otherwise: FAILS,
  },
  'spend-limit': {
    headline: 'a spend limit is reached (your own)',
    but: `a spend limit that your organization set, for itself or for this workspace, is reached. ${NO_NEW_KEY}`,
    steps: ({ key }, { fingerprint }) => [
      ['See whether the spending is yours. If not, the key may have leaked:', { link: CONSOLE.usage }],
      [
        "If it is, ask an administrator to raise the limit, or wait until it resets. A workspace's limit, then the organization's:",
        { link: CONSOLE.workspaces },
        { link: CONSOLE.billing },
      ],
      [
        'If it is not, stop it:',
        { run: keys('leak', key, '--key', fingerprint, '--reason', 'spending that is not ours') },
      ],
    ],
    otherwise: 'Calls of the service fail until the limit is raised or resets.',
  },
  organization: {
    headline: 'the Anthropic organization is on hold',
    but: `Anthropic has put the organization on hold or disabled it. Every key of the organization has this. ${NO_NEW_KEY}`,
    steps: () => [
      [
        'Ask an owner of the organization to sign in to the Claude Console and settle it with Anthropic:',
        { link: CONSOLE.billing },
      ],
    ],
    otherwise: FAILS,
  },
  owner: {
    headline: 'its creator left the organization',
    but: 'the person it belongs to is no longer a member of the organization. Only a new key helps.',
    steps: (context) => putInAnotherKey(context),
    otherwise: FAILS,
  },
  'workspace-config': {
    headline: 'its workspace is not set up for it',
    but: "its workspace refuses the request: the workspace's own encryption key, its user profiles, or a key that is not scoped to one workspace.",
    steps: (context) => [
      [
        'Ask an administrator of the workspace to check these three. The error code below says which:',
        { link: CONSOLE.workspaces },
      ],
      [
        'If the key is not scoped to one workspace, replace it by one that is:',
        { run: keys('submit', context.key) },
      ],
    ],
    otherwise: FAILS,
  },
  permission: {
    headline: 'it lacks a permission',
    but: 'it, or the account that owns it, lacks the permission for this request.',
    steps: (context) => [
      [
        'Ask an administrator what changed for this key and its owner, and to give the permission back:',
        { link: CONSOLE.keys },
      ],
      ['Or replace it by a key that may:', { run: keys('submit', context.key) }],
    ],
    otherwise: 'Calls of the service that need the permission fail.',
  },
  'ip-allowlist': {
    headline: 'the IP allowlist refuses the check',
    but: `the IP allowlist of your organization does not have the address that the check comes from. The service may come from another address and work. ${NO_NEW_KEY}`,
    steps: () => [
      ['See whether the service itself gets through.'],
      [
        'Ask an administrator to add the outgoing address of the functions (their NAT gateway or proxy) to the allowlist:',
        { link: CONSOLE.workspaces },
      ],
    ],
    otherwise: 'This key cannot be watched, and no new key can be tested and promoted.',
  },
  model: {
    headline: 'no model for its check',
    but: `none of the models that the check tries is available to its workspace. The service is only hit if it uses the same. ${NO_NEW_KEY}`,
    steps: () => [
      [
        'Set probeModel of this key in keys.yaml to a model that the workspace may use, and deploy. The models are listed here:',
        { link: CONSOLE.workspaces },
      ],
    ],
    otherwise: 'This key cannot be watched, and no new key can be tested and promoted.',
  },
  'rate-limit': {
    headline: 'rate limit is reached for over a day',
    but: `every check of more than a day met the rate limit of its organization or workspace. ${NO_NEW_KEY}`,
    steps: () => [
      ['See which key uses up the limit:', { link: CONSOLE.usage }],
      [
        'Slow that service down, or ask Anthropic for a higher limit. The limits are here:',
        { link: CONSOLE.limits },
      ],
    ],
    otherwise:
      'Calls of the service are refused now and then or always. No new key can be tested and promoted.',
  },
};

export const blocked = defineKind({
  kind: 'blocked',
  severity: 'critical',
  repeat: PATIENT,
  event: 'Key Blocked',
  establishedBy: 'live-answer',
  ends: { says: 'the key is no longer blocked' },
  toldOtherwise: ({ details }) => ORGANIZATION_WIDE.some(({ reason }) => reason === details.reason),
  alarms: ORGANIZATION_WIDE.map(({ reason, ...alarm }) => ({
    ...alarm,
    section: 'blocked-key',
    counts: (details: Blocked) => details.reason === reason,
  })),
  need: { word: 'blocked', next: 'settle it in the Claude Console', verb: 'show' },
  page: 'blocked at Anthropic',
  listed: ({ verdict }) => verdict?.kind === 'BLOCKED',
  mail: ({ current, reason, since, evidence }: Blocked, context: NoticeContext) => {
    const { headline, but, steps, otherwise } = BLOCKS[reason];
    const code = token(evidence.errorCode) ?? token(evidence.errorType);
    return {
      headline: `Blocked since ${utcDay(since)}: ${headline}`,
      facts: [
        `The API key ${hintText(current.hint)} is valid, but ${but}`,
        `This began ${moment(since, context.now)}.${code ? ` Anthropic's word for it is ${code}.` : ''}`,
      ],
      keys: [['Key', current]],
      steps: steps(context, current).map(
        (step, index, all): Step => (index === all.length - 1 ? [...step, runbook('blocked')] : step),
      ),
      consequence: [otherwise, 'Nothing is changed or switched off because of this.'],
      evidence: [
        'The answer can only come about if the key authenticates, so it is not dead.',
        probed(evidence, context.now),
      ],
    };
  },
});
