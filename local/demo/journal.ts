import { rowNamed } from '../../lib/domain/findings/catalogue';
import { DIGEST_KIND } from '../../lib/domain/notices/digest';
import type { Delivery } from '../aws';
import type { Sandbox } from '../world';

/** One mail as it was received, by everybody who received it. */
export interface Mail {
  readonly type: 'mail';
  readonly number: number;
  readonly at: Date;
  readonly environment: string;
  readonly to: readonly string[];
  readonly subject: string;
  readonly body: string;
  /** `alarm` where CloudWatch wrote it. */
  readonly kind: string;
  readonly severity: string;
  /** Absent in mails about a whole environment, or about several keys. */
  readonly service?: string;
  /** Each key that it is about, and what it says of it. */
  readonly about: readonly About[];
}

/** What a mail says of one key. */
export interface About {
  readonly service: string;
  readonly kind: string;
}

/** Something that people, or Anthropic, did. */
export interface Deed {
  readonly type: 'deed';
  readonly at: Date;
  readonly who: string;
  /** The key it is about, `prod/api-gateway`. */
  readonly key?: string;
  readonly text: string;
}

interface Reminder extends About {
  readonly environment: string;
  readonly owner: string;
}

export type Entry = Mail | Deed;

/** Everything that could be seen from outside, in order. */
export class Journal {
  readonly entries: Entry[] = [];
  #mails = 0;
  /** How many deliveries of each cloud were read. */
  readonly #read = new Map<object, number>();

  constructor(
    private readonly sandbox: Sandbox,
    private readonly listener: (entry: Entry) => void,
  ) {}

  note(deed: Omit<Deed, 'type' | 'at'>, at = this.sandbox.clock.now()): void {
    this.#enter({ type: 'deed', at, ...deed });
  }

  /** Takes in the mails that arrived since the last time, the copies of one message as one. */
  collect(): readonly Mail[] {
    const arrived = this.sandbox.clouds.flatMap((aws) => {
      const { delivered } = aws.sns;
      const from = this.#read.get(aws) ?? 0;
      this.#read.set(aws, delivered.length);
      return delivered.slice(from).filter(({ protocol }) => protocol === 'email');
    });
    const byMessage = new Map<string, Delivery[]>();
    for (const one of arrived) byMessage.set(one.messageId, [...(byMessage.get(one.messageId) ?? []), one]);
    const mails = [...byMessage.values()]
      .sort(([a], [b]) => a!.at.getTime() - b!.at.getTime())
      .map((copies) => this.#mail(copies));
    for (const mail of mails) this.#enter(mail);
    return mails;
  }

  get mails(): readonly Mail[] {
    return this.entries.filter((entry) => entry.type === 'mail');
  }

  #mail(copies: readonly Delivery[]): Mail {
    const [first] = copies as [Delivery];
    const attribute = (name: string) => first.attributes[name]?.StringValue;
    const [kind, service] = [attribute('kind') ?? 'alarm', attribute('service')];
    this.#mails += 1;
    return {
      type: 'mail',
      number: this.#mails,
      at: first.at,
      environment:
        attribute('environment') ?? first.topicArn.split(':').at(-1)!.replace('anthropic-keys-', ''),
      to: copies.map(({ endpoint }) => endpoint),
      subject: first.subject ?? '',
      body: first.body,
      kind,
      severity: attribute('severity') ?? (first.subject?.startsWith('OK') ? 'info' : 'critical'),
      service,
      about: kind === DIGEST_KIND ? this.#inDigest(first) : service === undefined ? [] : [{ service, kind }],
    };
  }

  /** What a digest says: each of its reminders has an event of its own. */
  #inDigest({ at, attributes }: Delivery): readonly About[] {
    const events = this.sandbox.clouds.flatMap((aws) => aws.events.received);
    return events.flatMap((event) => {
      const { environment, owner, kind, service } = event.detail as Reminder;
      const isTheirs =
        environment === attributes.environment?.StringValue && owner === attributes.owner?.StringValue;
      const isReminder = rowNamed(kind)?.digest !== undefined;
      return isTheirs && isReminder && event.at.getTime() === at.getTime() ? [{ service, kind }] : [];
    });
  }

  #enter(entry: Entry): void {
    this.entries.push(entry);
    this.listener(entry);
  }
}
