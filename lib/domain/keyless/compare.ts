import type { Federation, FederationRule, ServiceAccount } from '../console/organization';
import { enumerated } from '../wording/text';
import { type Need, SCOPE } from './need';

/**
 * How a part of what is needed stands at Anthropic. `too-wide` lets in, or lets do, more than is needed. `unknown` is never fine: it could not be
 * judged.
 */
export interface PartState {
  readonly part: 'service-account' | 'issuer' | 'rule';
  readonly state: 'there' | 'missing' | 'differs' | 'too-wide' | 'unknown';
  readonly says: string;
}

/** Compares what a consumer needs with what the organization has. Every rule that lets its role in is judged, whatever it is named. */
export function compare(need: Need, federation: Federation): readonly PartState[] {
  const issuers = issuersOf(need, federation);
  const rules = rulesOf(need, federation, issuers.ids);
  return [issuers.part, ...rules];
}

export const isAllThere = (parts: readonly PartState[]) => parts.every(({ state }) => state === 'there');

const inForce = <T extends { readonly archivedAt?: Date }>(all: readonly T[]) =>
  all.filter(({ archivedAt }) => archivedAt === undefined);

function issuersOf({ issuer }: Need, { issuers }: Federation) {
  const same = issuers.filter(({ url }) => url === issuer.url);
  const live = inForce(same);
  const part = (state: PartState['state'], says: string): PartState => ({ part: 'issuer', state, says });
  const ids: ReadonlySet<string> = new Set(live.map(({ id }) => id));
  if (live.length > 0) return { ids, part: part('there', `The issuer ${named(live[0]!)} is ${issuer.url}.`) };
  if (same.length > 0)
    return { ids, part: part('missing', `The issuer ${named(same[0]!)} is archived: no rule of it works.`) };
  const alike = inForce(issuers).find(({ url }) => loosely(url) === loosely(issuer.url));
  if (alike)
    return {
      ids,
      part: part(
        'differs',
        `The issuer ${named(alike)} is ${shown(alike.url)}, and tokens name ${issuer.url}: the two must be the same, letter for letter.`,
      ),
    };
  return { ids, part: part('missing', `No issuer has the URL ${issuer.url}.`) };
}

const loosely = (url: string) => url.toLowerCase().replace(/\/+$/, '');

/** What somebody wrote at Anthropic, as it is: a wrong subject has to be seen. */
const shown = (text: string) => JSON.stringify(text.slice(0, 300));

const named = ({ id, name }: { readonly id: string; readonly name: string }) => `${shown(name)} (${id})`;

function rulesOf(
  need: Need,
  { rules, serviceAccounts }: Federation,
  issuerIds: ReadonlySet<string>,
): readonly PartState[] {
  const { subject } = need.rule;
  const ofIssuer = rules.filter(({ issuerId }) => issuerIds.has(issuerId));
  const exact = inForce(ofIssuer).filter((rule) => rule.subject === subject);
  const wide = inForce(ofIssuer).filter((rule) => rule.subject !== subject && mayFit(rule, subject));
  return [
    ...(exact.length === 0 ? [whyNone(need, rules, ofIssuer, serviceAccounts)] : []),
    ...exact.flatMap((rule) => judge(rule, need, serviceAccounts)),
    ...(exact.length > 1
      ? [
          tooWide(
            `${exact.length} rules let this role in: ${enumerated(exact.map(named))}. Each is a way in: keep one, and archive the others.`,
          ),
        ]
      : []),
    ...wide.map((rule) =>
      rule.subject === undefined
        ? ({
            part: 'rule',
            state: 'unknown',
            says: `The rule ${named(rule)} names no subject. Its claims or its condition decide whom it lets in, which this command does not judge: look at it in the Console.`,
          } as const)
        : tooWide(
            `THE RULE ${named(rule)} OPENS THE ORGANIZATION to every identity that fits ${shown(rule.subject)}${asksMore(rule) ? ', as far as its claims or its condition let it' : ''}. Needed is exactly ${subject}.`,
          ),
    ),
  ];
}

const asksMore = ({ claims, condition }: FederationRule) =>
  condition !== undefined || Object.keys(claims).length > 0;

const tooWide = (says: string): PartState => ({ part: 'rule', state: 'too-wide', says });

/** Whether a rule lets the subject in, or may: one with claims or a condition alone is not understood. */
const mayFit = ({ subject: pattern }: FederationRule, subject: string) =>
  pattern === undefined || (pattern.endsWith('*') && subject.startsWith(pattern.slice(0, -1)));

/** No rule in force has the exact subject: the nearest thing to it, in words. */
function whyNone(
  { rule, issuer, serviceAccount }: Need,
  rules: readonly FederationRule[],
  ofIssuer: readonly FederationRule[],
  accounts: readonly ServiceAccount[],
): PartState {
  const part = (state: PartState['state'], says: string): PartState => ({ part: 'rule', state, says });
  const archived = ofIssuer.find(({ subject }) => subject === rule.subject);
  if (archived) return part('missing', `The rule ${named(archived)} is archived: it lets nobody in.`);
  const elsewhere = inForce(rules).find(({ subject }) => subject === rule.subject);
  if (elsewhere)
    return part(
      'differs',
      `The rule ${named(elsewhere)} lets this role in from another issuer than ${issuer.url}, so tokens of this account do not fit it.`,
    );
  const account = accounts.find(({ name }) => name === serviceAccount.name);
  const meant = inForce(rules).find(
    ({ name, serviceAccountId }) =>
      name === rule.name || (account !== undefined && serviceAccountId === account.id),
  );
  if (meant?.subject !== undefined && !mayFit(meant, rule.subject))
    return part(
      'differs',
      `The rule ${named(meant)} lets in ${shown(meant.subject)}, and tokens of this role name ${rule.subject}.`,
    );
  return part('missing', `No rule lets in ${rule.subject}.`);
}

/** A rule with the exact subject: what else it asks and allows, and whom its tokens act as. */
function judge(rule: FederationRule, need: Need, accounts: readonly ServiceAccount[]): readonly PartState[] {
  const account = accounts.find(({ id }) => id === rule.serviceAccountId);
  const faults = [...faultsOfRule(rule, need), ...faultsOfAccount(account, rule, need)];
  if (faults.length > 0) return faults;
  return [
    { part: 'rule', state: 'there', says: `The rule ${named(rule)} lets in exactly ${need.rule.subject}.` },
    { part: 'service-account', state: 'there', says: `Its tokens act as ${named(account!)}.` },
  ];
}

/** What tokens may do without being too wide. The Console may offer the second one only. */
const NARROW = [SCOPE, 'workspace:developer'];

function faultsOfRule(rule: FederationRule, { rule: wanted, workspaceId }: Need): readonly PartState[] {
  const part = (state: PartState['state'], says: string): PartState => ({
    part: 'rule',
    state,
    says: `The rule ${named(rule)} ${says}`,
  });
  const scopes = rule.scope.split(/\s+/).filter((scope) => scope !== '');
  const beyond = scopes.filter((scope) => !NARROW.includes(scope));
  const { workspaces } = rule;
  const others = workspaces === 'all' ? [] : workspaces.filter((id) => id !== workspaceId);
  return [
    ...(beyond.length > 0
      ? [part('too-wide', `grants ${shown(beyond.join(' '))}, and ${SCOPE} is enough.`)]
      : []),
    ...(scopes.length === 0 ? [part('differs', `grants no scope, and ${SCOPE} is needed.`)] : []),
    ...(rule.audience !== undefined && rule.audience !== wanted.audience
      ? [
          part(
            'differs',
            `takes tokens for ${shown(rule.audience)}, and those of the role are for ${wanted.audience}.`,
          ),
        ]
      : []),
    ...(workspaces === 'all' ? [part('too-wide', 'works in every workspace, also in future ones.')] : []),
    ...(workspaceId === undefined
      ? [part('unknown', 'may be in the right workspace or not: where the key lives is not known.')]
      : workspaces !== 'all' && !workspaces.includes(workspaceId)
        ? [part('differs', `does not work in the workspace of the key, ${workspaceId}.`)]
        : others.length > 0
          ? [
              part(
                'too-wide',
                `works in ${others.length} more than the workspace of the key, ${workspaceId}.`,
              ),
            ]
          : []),
    ...(asksMore(rule)
      ? [
          part(
            'unknown',
            'asks for more than the subject, by claims or a condition, which this command does not judge.',
          ),
        ]
      : []),
  ];
}

function faultsOfAccount(
  account: ServiceAccount | undefined,
  rule: FederationRule,
  { workspaceId }: Need,
): readonly PartState[] {
  const part = (state: PartState['state'], says: string): PartState => ({
    part: 'service-account',
    state,
    says,
  });
  if (!account) return [part('unknown', `Whom tokens of the rule ${named(rule)} act as is not known.`)];
  if (account.archivedAt) return [part('missing', `The service account ${named(account)} is archived.`)];
  const { workspaceIds } = account;
  return [
    ...(account.role === 'developer'
      ? []
      : [part('too-wide', `The service account ${named(account)} has the role ${account.role}.`)]),
    ...(workspaceIds === undefined
      ? [
          part(
            'unknown',
            `In which workspaces the service account ${named(account)} is a member is not known.`,
          ),
        ]
      : workspaceId !== undefined && !workspaceIds.includes(workspaceId)
        ? [
            part(
              'missing',
              `The service account ${named(account)} is no member of the workspace ${workspaceId}.`,
            ),
          ]
        : []),
  ];
}
