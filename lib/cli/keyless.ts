import type { Consumer } from '../domain/consumer';
import { compare, isAllThere, type PartState } from '../domain/keyless/compare';
import { IDENTITY_STATEMENT, type Need, needOf, payloadsOf } from '../domain/keyless/need';
import { prospectOf, type Read, readIssuer, readRole, SHOW_ISSUER } from '../domain/keyless/workload';
import { CONSOLE } from '../domain/wording/commands';
import { nameConsumer } from '../domain/wording/consumers';
import { FunctionError } from '../workflows/operator-ports';
import type { CliContext } from './context';
import { EXIT, UsageError } from './exit-code';
import { expectedHome, type ManagedKey } from './managed-key';
import { type Style, whole } from './style';
import { waitFor } from './terminal';
import type { Plan } from './verb';

/** What the command line asks for. */
export interface KeylessIntent {
  readonly consumer?: string;
  readonly role?: string;
  readonly issuer?: string;
  readonly check: boolean;
}

/** What the listing at Anthropic came to. Without an answer nothing is known, and never fine. */
type Checked =
  | { readonly known: true; readonly parts: readonly PartState[] }
  | { readonly known: false; readonly why: string };

/** @throws UsageError */
export function planKeyless(key: ManagedKey, intent: KeylessIntent, context: CliContext): Plan {
  const consumers = consumersOf(key);
  const issuer = intent.issuer === undefined ? undefined : taken(readIssuer(intent.issuer));
  const chosen = choose(consumers, key, intent);
  const need = chosen && needFor(chosen, key, intent.role, issuer);
  const home = expectedHome(key);
  return {
    async execute() {
      const checked = intent.check && need ? await check(need, key, context) : undefined;
      const isFine = checked === undefined || (checked.known && isAllThere(checked.parts));
      const document = {
        key: key.name,
        workspaceId: home.workspaceId,
        consumers: consumers.map((consumer) => ({ ...consumer, ...prospectOf(consumer) })),
        consumer: chosen?.name,
        need,
        payloads: need && payloadsOf(need),
        statement: need && IDENTITY_STATEMENT,
        checked,
      };
      return {
        exit: isFine ? EXIT.fine : EXIT.attention,
        json: document,
        text: (style) =>
          checked ? describeCheck(checked, key, style) : describe(key, consumers, need, style),
      };
    },
  };
}

function consumersOf({ name, identity }: ManagedKey): readonly Consumer[] {
  const { consumers = [] } = identity;
  if (consumers.length > 0) return consumers;
  throw new UsageError(
    `Nobody says who reads ${name}. Name its consumers in keys.yaml and deploy: where they run decides which of them can do without a key.`,
  );
}

/** The consumer that a role is given for. Undefined where none is needed yet. @throws UsageError */
function choose(
  consumers: readonly Consumer[],
  { name }: ManagedKey,
  { consumer: wanted, role }: KeylessIntent,
): Consumer | undefined {
  const names = (all: readonly Consumer[]) => all.map((each) => each.name).join(', ');
  const able = consumers.filter((each) => prospectOf(each).can !== 'no');
  const found = wanted === undefined ? undefined : consumers.find((each) => each.name === wanted);
  if (wanted !== undefined && !found)
    throw new UsageError(`${name} has no consumer ${JSON.stringify(wanted)}. It has: ${names(consumers)}.`);
  if (found && !able.includes(found))
    throw new UsageError(`${nameConsumer(found)}: ${prospectOf(found).why}`);
  if (found || role === undefined) return found;
  const [only, ...more] = able;
  if (only && more.length === 0) return only;
  throw new UsageError(
    only
      ? `--role is for one consumer, and several of ${name} can do without a key: name it with --consumer. They are: ${names(able)}.`
      : `No consumer of ${name} can do without a key this way: ${names(consumers)}.`,
  );
}

function needFor(
  consumer: Consumer,
  key: ManagedKey,
  role: string | undefined,
  issuer: string | undefined,
): Need | undefined {
  const account = key.secret.arn.split(':')[4]!;
  const found = role === undefined ? undefined : taken(readRole(role, account));
  if (!found || issuer === undefined) return undefined;
  return needOf({ key: key.identity, consumer, role: found, issuer, home: expectedHome(key) });
}

function taken<T>(outcome: Read<T>): T {
  if ('refused' in outcome) throw new UsageError(outcome.refused);
  return outcome.read;
}

async function check(
  need: Need,
  { identity: { environment } }: ManagedKey,
  { functions, terminal }: CliContext,
): Promise<Checked> {
  const unknown = (why: string) => ({ known: false, why }) as const;
  try {
    const answer = await waitFor(terminal, 'Listing service accounts, issuers and rules', () =>
      functions.admin(environment, { verb: 'inspect-federation' }),
    );
    if (answer.outcome !== 'federation')
      return unknown(
        `The function with Admin access gave no list: ${answer.outcome === 'refused' ? answer.why : answer.outcome}.`,
      );
    const { federation } = answer;
    return federation.kind === 'read'
      ? { known: true, parts: compare(need, federation) }
      : unknown(federation.words);
  } catch (error) {
    if (!(error instanceof FunctionError)) throw error;
    if (error.failure === 'missing') return unknown(`${environment} has no Admin access, which this takes.`);
    if (error.failure === 'failed')
      return unknown(
        `The function with Admin access failed. One of an earlier release cannot be asked for this: deploy, and look at its log. ${error.message}`,
      );
    throw error;
  }
}

function describeCheck(checked: Checked, { name }: ManagedKey, { good, warn, bad }: Style): string {
  if (!checked.known)
    return `${warn(`Not known: nothing was compared for ${name}.`)}\n${checked.why}\nLook in the Console: ${CONSOLE.workloadIdentity}`;
  const tone = { there: good, missing: warn, differs: warn, 'too-wide': bad, unknown: warn };
  const word = {
    there: 'there',
    missing: 'MISSING',
    differs: 'DIFFERS',
    'too-wide': 'TOO WIDE',
    unknown: 'NOT KNOWN',
  };
  const lines = checked.parts.map(({ state, says }) => `${tone[state](`${word[state]}:`)} ${says}`);
  const isFine = isAllThere(checked.parts);
  return [
    ...lines,
    '',
    isFine
      ? good('This consumer has what it needs, and no more.')
      : 'Correct it in the Console, then run this command again. Until all is there, keep the key.',
  ].join('\n');
}

function describe(
  key: ManagedKey,
  consumers: readonly Consumer[],
  need: Need | undefined,
  style: Style,
): string {
  const { bold } = style;
  return [
    bold(`Who reads ${key.name}`),
    ...consumers.flatMap((consumer) => {
      const { can, why, findRole } = prospectOf(consumer);
      const word = {
        yes: 'can do without a key',
        perhaps: 'may do without a key',
        no: 'cannot do without a key this way',
      }[can];
      return [`  ${nameConsumer(consumer)} ${word}. ${why}`, ...(findRole ? [`    Role: ${findRole}`] : [])];
    }),
    '',
    ...(need ? steps(need, key, style) : missingFacts(style)),
    '',
    'This command creates nothing: whoever may make rules could let anybody into the organization.',
  ].join('\n');
}

const missingFacts = ({ bold }: Style) => [
  bold('What is still needed'),
  '  --role: the exact ARN of the role of one consumer, found as above.',
  `  --issuer: ${SHOW_ISSUER} prints it. If it says that the feature is off, turn it on, once per account: IAM console, Account settings, outbound identity federation.`,
  '  With both, this command prints the steps, and --check compares them with what there is.',
];

function steps(need: Need, { name }: ManagedKey, { bold, dim }: Style): readonly string[] {
  const { serviceAccount, issuer, rule, workspaceId } = need;
  const workspace = workspaceId ?? 'that of the key (it is not known here)';
  return [
    bold(`In the Claude Console, as an organization admin: ${CONSOLE.workloadIdentity}`),
    `  1. Service account ${serviceAccount.name}, role ${serviceAccount.role}, member of the workspace ${workspace}. Of the default workspace every service account is a member.`,
    `  2. Issuer ${issuer.name}: ${issuer.url}, keys by discovery. There is one for the whole account.`,
    `  3. Rule ${rule.name}, with that issuer and that service account, in the workspace ${workspace} alone:`,
    `       subject   ${rule.subject}`,
    `       audience  ${rule.audience}`,
    `       scope     ${rule.scope}, or workspace:developer where the Console does not offer it`,
    '     Enter the subject exactly so: with a * at its end it lets in every role that begins alike.',
    '',
    bold('In AWS: this statement for the role, and no other audience'),
    whole(JSON.stringify(IDENTITY_STATEMENT, null, 2)),
    '',
    bold('In the application'),
    '  Exchange an identity token of STS for a token of Anthropic’s, and remove ANTHROPIC_API_KEY: the SDK prefers a key. docs/keyless.md has the code.',
    '',
    bold('Then'),
    `  1. See that it works, and in the Console that the key of ${name} is no longer used.`,
    '  2. When no consumer is left, write the word KEYLESS in place of the key. The last key then has a deadline, and is followed until it is proven dead.',
    '     docs/keyless.md says how, and how to go back.',
    '',
    dim('The same as requests to the Admin API, for your own tools. This program sends none of them:'),
    ...payloadsOf(need).map(({ method, path, body }) =>
      whole(`${method} ${path}\n${JSON.stringify(body, null, 2)}`),
    ),
  ];
}
