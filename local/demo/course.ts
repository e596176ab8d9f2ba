import { scrub } from '../../lib/domain/key';
import { HOUR, plus } from '../../lib/domain/time';
import type { Deployed, Sandbox } from '../world';
import { type Agenda, RANK } from './agenda';
import { AlarmDesk } from './alarm-desk';
import { confirmsAfterHours } from './cast';
import type { Consumer } from './consumer';
import { dateOf, OUTAGE, START } from './days';
import type { Hands } from './hands';
import type { About, Journal, Mail } from './journal';
import type { Act, Beat, Script } from './script';
import { ticksOf } from './ticks';

/** Somebody with a script, the key they look after, and the application that uses it. */
export interface Person {
  readonly script: Script;
  readonly hands: Hands;
  readonly consumer: Consumer;
}

/** What happens when. */
export class Course {
  checks = 0;
  readonly #mailsOf = new Map<string, number>();

  constructor(
    private readonly sandbox: Sandbox,
    private readonly agenda: Agenda,
    private readonly journal: Journal,
    private readonly people: ReadonlyMap<string, Person>,
    private readonly end: Date,
  ) {}

  plan(own: boolean): void {
    for (const site of this.sandbox.deployed) {
      this.#planConfirmation(site, own);
      this.#planSchedules(site);
    }
    for (const [key, { script }] of this.people)
      for (const beat of script.beats) if ('day' in beat.when) this.#planBeat(key, beat, dateOf(beat.when));
    this.#planOutage();
  }

  #planConfirmation(site: Deployed, own: boolean): void {
    const hours = confirmsAfterHours(site.deployment.environment, own);
    this.agenda.add(plus(START, hours * HOUR), RANK.people, async () => {
      const addresses = [...new Set(site.deployment.subscriptions.map(({ address }) => address))];
      const confirmed = addresses.filter((address) => site.aws.sns.confirm(address) > 0);
      if (confirmed.length === 0) return;
      const text = `confirmed the subscription to the notices of ${site.deployment.environment}`;
      this.journal.note({ who: confirmed.join(', '), text });
    });
  }

  #planSchedules(site: Deployed): void {
    const moments = new Set(ticksOf('rate(1 hour)', START, this.end).map((hour) => hour.getTime()));
    for (const schedule of site.deployment.schedules) {
      const person = [...this.people.values()].find(
        ({ hands }) => hands.charge.secretName === schedule.input.secretId,
      );
      const report = schedule.functionName.endsWith('-report');
      if (!person && !report) continue;
      for (const at of ticksOf(schedule.expression, START, this.end)) {
        moments.add(at.getTime());
        if (person) this.agenda.add(at, RANK.check, () => this.#check(site, person, schedule.input));
        else this.agenda.add(at, RANK.report, () => this.#report(site, schedule.input));
      }
    }
    this.#planAlarms(site, moments);
  }

  /** CloudWatch looks every hour, and whenever something was counted. */
  #planAlarms(site: Deployed, moments: ReadonlySet<number>): void {
    const desk = new AlarmDesk(site);
    for (const moment of moments)
      this.agenda.add(new Date(moment), RANK.alarm, async () => {
        await desk.evaluate(this.sandbox.clock.now());
        this.#mailsArrive();
      });
  }

  async #check(site: Deployed, { hands, consumer }: Person, input: object): Promise<void> {
    consumer.workUntil(this.sandbox.clock.now());
    site.aws.secretsManager.openRotationWindows();
    await this.sandbox.settle();
    if (!hands.unscheduled) await this.#run(() => site.invoke('check', input));
    this.checks += hands.unscheduled ? 0 : 1;
  }

  #report(site: Deployed, input: object): Promise<void> {
    return this.#run(() => site.invoke('report', input));
  }

  /** A function that throws is counted, alarmed and tried again by AWS; the days go on. */
  async #run(invoke: () => Promise<unknown>): Promise<void> {
    await invoke().catch(() => undefined);
    await this.sandbox.settle();
    this.#mailsArrive();
  }

  #mailsArrive(): void {
    for (const mail of this.journal.collect()) this.#react(mail);
  }

  /** People read a mail when it comes, and act in their own time. */
  #react(mail: Mail): void {
    for (const about of mail.about) this.#reactTo(mail, about);
  }

  #reactTo({ environment, at }: Mail, { service, kind }: About): void {
    const key = `${environment}/${service}`;
    const person = this.people.get(key);
    if (!person) return;
    const counted = `${key}/${kind}`;
    const nth = (this.#mailsOf.get(counted) ?? 0) + 1;
    this.#mailsOf.set(counted, nth);
    for (const beat of person.script.beats) {
      const { when } = beat;
      if (!('mail' in when) || when.mail !== kind || (when.nth ?? nth) !== nth) continue;
      this.#planBeat(key, beat, plus(at, when.hoursLater * HOUR));
    }
  }

  #planBeat(key: string, { act }: Beat, at: Date): void {
    this.agenda.add(at, RANK.people, async () => {
      const { hands } = this.people.get(key)!;
      const begun = this.sandbox.clock.now();
      const text = await attempt(act, hands);
      if (text !== undefined) this.journal.note({ who: hands.charge.owner, key, text }, begun);
      await this.sandbox.settle();
      this.#mailsArrive();
    });
  }

  /** The credit of the whole organization runs out for a day and a half: nobody's key is at fault. */
  #planOutage(): void {
    for (const anthropic of this.sandbox.organizations)
      this.agenda.add(dateOf(OUTAGE), RANK.people, async () => {
        const solve = anthropic.script('credit-balance', { path: '/v1/messages' });
        const who = anthropic.organization.name;
        this.journal.note({ who, text: 'runs out of credit at Anthropic' });
        this.agenda.add(plus(dateOf(OUTAGE), OUTAGE.hours * HOUR), RANK.people, async () => {
          solve();
          this.journal.note({ who, text: 'buys credit at Anthropic' });
        });
      });
  }
}

/** What somebody did, or what kept them from it: the days go on either way. */
async function attempt(act: Act, hands: Hands): Promise<string | undefined> {
  try {
    return await act(hands);
  } catch (error) {
    return `is stopped: ${scrub(error instanceof Error ? error.message : String(error))}`;
  }
}
