import type { FleetRow } from '../fleet/row';

/**
 * Who hears the notices, and who should and is gone: every owner of a key and every address that the deployment subscribed. Anybody who gets a mail
 * can unsubscribe with one click, and no deploy notices. An address that waits for confirmation is not lost.
 */
export function audienceOf(
  subscriptions: readonly Subscription[],
  rows: readonly FleetRow[],
  alertAddresses: readonly string[] = [],
): readonly Subscription[] {
  const present = new Set(
    subscriptions.filter(({ protocol }) => protocol.startsWith('email')).map(({ endpoint }) => endpoint),
  );
  const expected = new Set([...alertAddresses, ...rows.map(({ key }) => key.owner)]);
  const lost = [...expected].filter((address) => !present.has(address)).sort();
  return [
    ...subscriptions,
    ...lost.map((endpoint) => ({ protocol: 'email', endpoint, confirmed: false, lost: true })),
  ];
}

/**
 * Whether a notice to this owner, or the report to nobody in particular, arrives anywhere. A mailbox that is neither the owner's nor one of the alerts'
 * is taken for another owner's, whose subscription lets nothing of this key through: better late than remembered as sent and read by nobody.
 * Without alerts the topic is somebody's own, and who subscribed to it by hand hears everything.
 */
export function reaches(
  subscriptions: readonly Subscription[],
  alertAddresses: readonly string[] = [],
  owner?: string,
): boolean {
  const byHand = alertAddresses.length === 0;
  return subscriptions.some(
    ({ protocol, endpoint, confirmed }) =>
      confirmed &&
      (byHand || !protocol.startsWith('email') || endpoint === owner || alertAddresses.includes(endpoint)),
  );
}

/** A subscription of the notices' topic. */
export interface Subscription {
  readonly protocol: string;
  readonly endpoint: string;
  readonly confirmed: boolean;
  /** It was deployed and is gone: somebody unsubscribed, or never confirmed in time. */
  readonly lost?: boolean;
}
