import type { Severity } from '../findings/finding';
import type { FleetRow } from '../fleet/row';

/** Mailboxes that hear of all keys of an environment. One that is in both lists hears everything. */
export interface Alerts {
  /** They hear everything. */
  readonly all: readonly string[];
  /** They hear only notices of severity critical. */
  readonly critical: readonly string[];
}

const NO_ALERTS: Alerts = { all: [], critical: [] };

/**
 * Who receives the notices, with each owner and alert address whose subscription is lost: anybody who gets a mail can unsubscribe with one click,
 * and no deploy notices. An address that waits for confirmation is not lost. Only of deployed keys is the owner subscribed.
 */
export function audienceOf(
  subscriptions: readonly Subscription[],
  rows: readonly FleetRow[],
  alerts: Alerts = NO_ALERTS,
): readonly Subscription[] {
  const present = new Set(
    subscriptions.filter(({ protocol }) => protocol.startsWith('email')).map(({ endpoint }) => endpoint),
  );
  const expected = new Set([
    ...alerts.all,
    ...alerts.critical,
    ...rows.flatMap(({ key, deployed }) => (deployed ? key.owner : [])),
  ]);
  const lost = [...expected].filter((address) => !present.has(address)).sort();
  return [
    ...subscriptions,
    ...lost.map((endpoint) => ({ protocol: 'email', endpoint, confirmed: false, lost: true })),
  ];
}

/** Who gets what is published now. */
export interface Reach {
  /** Somebody who should have it: then a notice counts as heard. */
  readonly people: boolean;
  /** A queue, a function, a web address. Whether anybody reads there is not known. */
  readonly machines: boolean;
}

/** Whom a message is for. The report has neither: it is for those who hear everything. */
export interface Addressed {
  readonly owner?: string;
  readonly severity?: Severity;
}

/**
 * Who gets a notice to this owner, or the report to nobody in particular. Any other mailbox counts as another owner's, whose filter lets nothing
 * about this key through: retry rather than record an unread notice. Where nobody is to hear everything the topic is somebody's own, and whoever
 * subscribed to it receives everything, but for the mailboxes that hear only what is critical.
 */
export function reachOf(
  subscriptions: readonly Subscription[],
  alerts: Alerts = NO_ALERTS,
  { owner, severity }: Addressed = {},
): Reach {
  const confirmed = subscriptions.filter((subscription) => subscription.confirmed);
  const critical = severity === 'critical';
  const hears = (address: string) =>
    address === owner || alerts.all.includes(address) || (critical && alerts.critical.includes(address));
  if (alerts.all.length === 0) {
    const people = confirmed.some(({ endpoint }) => hears(endpoint) || !alerts.critical.includes(endpoint));
    return { people, machines: false };
  }
  const machines = confirmed.filter(({ protocol }) => !protocol.startsWith('email'));
  const mailboxes = confirmed.filter((subscription) => !machines.includes(subscription));
  return {
    people: mailboxes.some(({ endpoint }) => hears(endpoint)),
    machines: machines.length > 0,
  };
}

/** A subscription of the notices' topic. */
export interface Subscription {
  readonly protocol: string;
  readonly endpoint: string;
  readonly confirmed: boolean;
  /** It was deployed and is gone: somebody unsubscribed, or did not confirm in time. */
  readonly lost?: boolean;
}
