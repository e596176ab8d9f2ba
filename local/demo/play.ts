import { DAY, HOUR, plus } from '../../lib/domain/time';
import type { Deployment } from '../deployment';
import { type Deployed, Sandbox } from '../world';
import { Agenda, RANK } from './agenda';
import { castFor } from './cast';
import { Consumer } from './consumer';
import { Course, type Person } from './course';
import { START } from './days';
import { Hands } from './hands';
import { type Entry, Journal } from './journal';

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
  readonly sandbox: Sandbox;
  readonly journal: Journal;
  readonly people: ReadonlyMap<string, Person>;
  readonly checks: number;
  readonly end: Date;
  close(): Promise<void>;
}

/** Sets up a fleet and lets its days pass: schedules fire, people act, mails arrive, alarms watch. */
export async function play(deployments: readonly Deployment[], options: PlayOptions): Promise<Played> {
  const sandbox = await Sandbox.open({
    start: START,
    organization: { seed: 'org-demo', organization: { id: 'org-demo', name: 'Example Ltd' } },
    overHttp: options.overHttp,
  });
  const agenda = new Agenda(sandbox.clock);
  const journal = new Journal(sandbox, options.listener ?? (() => {}));
  const end = plus(START, options.days * DAY);
  for (const deployment of deployments) somebodyListens(await sandbox.deploy(deployment));
  const people = assemble(sandbox, agenda, options.own);
  const course = new Course(sandbox, agenda, journal, people, end);
  course.plan(options.own);
  await agenda.play(end);
  return { sandbox, journal, people, checks: course.checks, end, close: () => sandbox.close() };
}

/** Topics that the templates only refer to have listeners already, here one that gets what they get. */
function somebodyListens({ deployment, aws }: Deployed): void {
  const mentioned = [
    ...deployment.functions.flatMap(({ variables }) => variables.ROTATION_TOPIC_ARN ?? []),
    ...deployment.alarms.flatMap(({ AlarmActions = [], OKActions = [] }) => [...AlarmActions, ...OKActions]),
  ];
  for (const arn of new Set(mentioned)) {
    const topic = aws.sns.createTopic(arn.split(':').at(-1)!);
    if (topic.subscriptions.length > 0) continue;
    const listener = `${topic.name}@topic.example`;
    aws.sns.subscribeEmail(topic.arn, listener);
    aws.sns.confirm(listener);
  }
}

function assemble(sandbox: Sandbox, agenda: Agenda, own: boolean): ReadonlyMap<string, Person> {
  const charges = sandbox.deployed.flatMap((site) =>
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
        agenda.add(plus(sandbox.clock.now(), hours * HOUR), RANK.people, async () => what());
      const hands = new Hands(charge, site, sandbox.clock, later);
      const person = { script: scripts.get(nameOf(charge))!, hands, consumer: new Consumer(hands, START) };
      return [nameOf(charge), person];
    }),
  );
}
