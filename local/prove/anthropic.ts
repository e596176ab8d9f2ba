import { createKeyProbe } from '../../lib/adapters/anthropic-probe';
import { parseApiKey, readAdminKey } from '../../lib/domain/key';
import { MINUTE } from '../../lib/domain/time';
import type { Clock } from '../../lib/workflows/ports';
import { Exchanges } from './exchanges';
import {
  ADMIN_CALLS,
  lookAtFederation,
  lookAtFeed,
  lookAtKeys,
  lookAtUsage,
  lookForOwnChange,
  lookForUsage,
  type Organization,
  organizationOf,
} from './organization';
import type { Proof } from './proof';
import { interruptible, type Prover, type Sitting } from './sitting';
import {
  type Arrival,
  type ThrowAwayKey,
  throwAwayKey,
  watchArrival,
  watchDeparture,
} from './throw-away-key';

const INTRODUCTION = `This settles on the live API what Anthropic's documentation leaves open about keys, and with an Admin API key what it
leaves open about the organization. The questions: docs/anthropic.md, "Not established".

Create a throw-away key in the Claude Console (Settings, API keys), in a workspace where nothing depends on it, and paste it here at once:
whether a new key is refused at first shows only in its first seconds.
The test costs less than a cent. No key is stored or shown. Ctrl-C ends it and keeps what was settled until then.
`;

const ABOUT_ADMIN_KEY = `
With an Admin API key it also reads, and only reads:
${ADMIN_CALLS.map((path) => `  GET ${path}`).join('\n')}
Of the answers it keeps statuses, names of types and fields, counts and durations.
`;

export interface AnthropicProof {
  readonly prover: Prover;
  readonly baseURL: string;
  readonly clock: Clock;
  readonly proof: Proof;
}

/** Proves on the live API what is open, with a person at the Console. True if a disabled key is found dead in the way the documentation says. */
export async function proveAnthropic({
  prover,
  baseURL,
  clock: ticking,
  proof,
}: AnthropicProof): Promise<boolean> {
  const exchanges = new Exchanges((host) => proof.answeredBy(host));
  const clock = interruptible(ticking, proof);
  const sitting: Sitting = { prover, baseURL, proof, exchanges, clock };
  let isDead = false;
  await proof.sitting(async () => {
    prover.say(INTRODUCTION);
    const judgement = parseApiKey(await prover.hidden('Throw-away key:'));
    if (!judgement.ok) return prover.say(judgement.message);
    for (const warning of judgement.warnings) prover.say(`Note: ${warning}`);
    const probe = createKeyProbe({ baseURL, clock, fetch: exchanges.fetch });
    const tried = throwAwayKey(judgement.key, probe, sitting);
    prover.say(`\n${tried.key.hint}, as it is now:`);
    const arrival = await watchArrival(tried, sitting);
    const organization = await askForAdminKey(sitting);
    const record = organization && (await lookAround(organization, tried, arrival));
    if (!arrival.acceptedAt)
      return prover.say(`\nThe key must be ALIVE to begin with. ${arrival.verdict.advice}`);
    const billedAt = await sendMessage(tried, arrival.acceptedAt, sitting, organization);
    const departure = await watchDeparture(tried, sitting);
    isDead = departure.refused && departure.last.kind === 'DEAD';
    if (organization && record && departure.refused) await lookForOwnChange(organization, record, departure);
    if (organization && record && billedAt)
      await lookForUsage(organization, record, { countedAt: arrival.acceptedAt, billedAt });
  });
  return isDead;
}

async function askForAdminKey(sitting: Sitting): Promise<Organization | undefined> {
  const { prover } = sitting;
  prover.say(ABOUT_ADMIN_KEY);
  for (;;) {
    const typed = await prover.hidden('Admin API key (Enter: without one):');
    if (typed.trim() === '') return undefined;
    const adminKey = readAdminKey(typed);
    if (adminKey) return organizationOf(sitting, adminKey);
    prover.say('This is no Admin API key: it begins with sk-ant-admin, and stands alone.');
  }
}

/** All that can be read before the key is disabled. Returns its record. */
async function lookAround(organization: Organization, { key }: ThrowAwayKey, arrival: Arrival) {
  const { prover } = organization;
  prover.say('\nReading the organization.');
  const record = await lookAtKeys(organization, key, arrival);
  await lookAtFeed(organization);
  await lookAtFederation(organization);
  if (record) await lookAtUsage(organization, record);
  return record;
}

/** Sends a billed message, if its usage is looked for in a minute in which nothing else was sent. Undefined if it was not answered. */
async function sendMessage(
  { ask }: ThrowAwayKey,
  countedAt: Date,
  { clock, prover }: Sitting,
  organization: Organization | undefined,
): Promise<Date | undefined> {
  const minute = (at: Date) => Math.floor(at.getTime() / MINUTE);
  if (organization && minute(clock.now()) === minute(countedAt)) {
    prover.say('\nWaiting for the next minute: usage is reported by the minute.');
    await clock.sleep(MINUTE - (clock.now().getTime() % MINUTE));
  }
  prover.say('\nA message of one token:');
  const sentAt = clock.now();
  return (await ask('messages')).kind === 'ALIVE' ? sentAt : undefined;
}
