import type { FleetRow } from '../fleet/row';

/**
 * Who receives the notices, with each owner and alert address whose subscription is lost: anybody who gets a mail can unsubscribe with one click,
 * and no deploy notices. An address that waits for confirmation is not lost. Only of deployed keys is the owner subscribed.
 */
export function audienceOf(
  subscriptions: readonly Subscription[],
  rows: readonly FleetRow[],
  alertAddresses: readonly string[] = [],
): readonly Subscription[] {
  const present = new Set(
    subscriptions.filter(({ protocol }) => protocol.startsWith('email')).map(({ endpoint }) => endpoint),
  );
  const expected = new Set([
    ...alertAddresses,
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

/**
 * Who gets a notice to this owner, or the report to nobody in particular. Any other mailbox counts as another owner's, whose filter lets nothing
 * about this key through: retry rather than record an unread notice. Without alert addresses the topic is somebody's own, and its subscribers
 * receive everything.
 */
export function reachOf(
  subscriptions: readonly Subscription[],
  alertAddresses: readonly string[] = [],
  owner?: string,
): Reach {
  const confirmed = subscriptions.filter((subscription) => subscription.confirmed);
  if (alertAddresses.length === 0) return { people: confirmed.length > 0, machines: false };
  const machines = confirmed.filter(({ protocol }) => !protocol.startsWith('email'));
  const mailboxes = confirmed.filter((subscription) => !machines.includes(subscription));
  return {
    people: mailboxes.some(({ endpoint }) => endpoint === owner || alertAddresses.includes(endpoint)),
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
