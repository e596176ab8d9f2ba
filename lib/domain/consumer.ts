/** Where an application runs that reads a key: it decides how a new key reaches it. */
export const CONSUMER_KINDS = ['ecs', 'lambda', 'kubernetes', 'host', 'other'] as const;

export type ConsumerKind = (typeof CONSUMER_KINDS)[number];

/** An application that reads a key, as keys.yaml names it. What a `RestartOnRotation` registers is a `ConsumerLook`. */
export interface Consumer {
  /** Where it runs. */
  readonly kind: ConsumerKind;
  /** How people call it, without spaces: `chat-frontend`. Of an ECS service `cluster/service`, of a workload in Kubernetes `namespace/deployment/name`. */
  readonly name: string;
  /** Minutes until it has a new key by itself, or `restart` if it reads the key only at its start. */
  readonly refresh: number | 'restart';
  /** An ECS service that is to be restarted by a machine after every change of the key. */
  readonly restarted?: true;
}

/** The longest refresh: 30 days. */
export const LONGEST_REFRESH_MINUTES = 30 * 24 * 60;

/** A name of a consumer that can stand in a tag, in a mail and, quoted or not, in a command. */
export const CONSUMER_NAME = /^[A-Za-z0-9][A-Za-z0-9_./@-]{0,99}$/;

/** The rule of `CONSUMER_NAME` in words. */
export const CONSUMER_NAME_RULE =
  'a name without spaces, of letters without accents, digits and _ . / @ - (at most 100, a letter or digit first)';

const WORKLOADS = ['deployment', 'statefulset', 'daemonset'];

/** The parts of a name that says exactly which ECS service it is: `cluster/service`. */
export function ecsServiceOf({ kind, name }: Consumer): { cluster: string; service: string } | undefined {
  const match = kind === 'ecs' ? /^([A-Za-z0-9_-]+)\/(\w[A-Za-z0-9_-]*)$/.exec(name) : null;
  return match ? { cluster: match[1]!, service: match[2]! } : undefined;
}

/** The parts of a name that says exactly which workload of Kubernetes it is: `namespace/deployment/name`. A dot could make a link of a command. */
export function workloadOf({ kind, name }: Consumer): { namespace: string; workload: string } | undefined {
  const match = kind === 'kubernetes' ? /^([a-z0-9-]+)\/([a-z]+)\/([a-z0-9][a-z0-9-]*)$/.exec(name) : null;
  if (!match || !WORKLOADS.includes(match[2]!)) return undefined;
  return { namespace: match[1]!, workload: `${match[2]}/${match[3]}` };
}
