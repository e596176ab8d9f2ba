import { DAY, HOUR, plus } from '../../lib/domain/time';
import { Agenda, RANK } from './agenda';
import { castFor } from './cast';
import { Consumer } from './consumer';
import { Course, type Person } from './course';
import { START } from './days';
import type { Deployment } from './deployment';
import { Hands } from './hands';
import { type Entry, Journal } from './journal';
import { Land } from './land';

export interface PlayOptions {
  readonly days: number;
  /** Whether this is the demo's own fleet, with people written for it. */
  readonly own: boolean;
  /** Whether AWS and Anthropic are talked to over HTTP on loopback, instead of being called. @default false */
  readonly overHttp?: boolean;
  /** Hears of everything as it happens. */
  readonly listener?: (entry: Entry) => void;
}

/** A fleet after its days. The embedded world still runs, for whoever wants to look: `close` ends it. */
export interface Played {
  readonly land: Land;
  readonly journal: Journal;
  readonly people: ReadonlyMap<string, Person>;
  readonly checks: number;
  readonly end: Date;
  close(): Promise<void>;
}

/** Sets up a fleet and lets its days pass: schedules fire, people act, mails arrive, alarms watch. */
export async function play(deployments: readonly Deployment[], options: PlayOptions): Promise<Played> {
  const land = new Land(START, options.overHttp);
  const agenda = new Agenda(land.clock);
  const journal = new Journal(land, options.listener ?? (() => {}));
  const end = plus(START, options.days * DAY);
  for (const deployment of deployments) await land.deploy(deployment);
  const people = assemble(land, agenda, options.own);
  const course = new Course(land, agenda, journal, people, end);
  course.plan(options.own);
  await agenda.play(end);
  return { land, journal, people, checks: course.checks, end, close: () => land.close() };
}

function assemble(land: Land, agenda: Agenda, own: boolean): ReadonlyMap<string, Person> {
  const charges = land.sites.flatMap((site) =>
    site.deployment.secrets.map(({ name, tags }) => {
      const { environment } = site.deployment;
      const service = tags['anthropic-key:service']!;
      return {
        site,
        charge: { environment, service, owner: tags['anthropic-key:owner']!, secretName: name },
      };
    }),
  );
  const nameOf = (charge: Hands['charge']) => `${charge.environment}/${charge.service}`;
  const scripts = castFor(
    charges.map(({ charge }) => nameOf(charge)),
    own,
  );
  return new Map(
    charges.map(({ site, charge }) => {
      const later = (hours: number, what: () => void) =>
        agenda.add(plus(land.clock.now(), hours * HOUR), RANK.people, async () => what());
      const hands = new Hands(charge, site, land.clock, later);
      const person = { script: scripts.get(nameOf(charge))!, hands, consumer: new Consumer(hands, START) };
      return [nameOf(charge), person];
    }),
  );
}
