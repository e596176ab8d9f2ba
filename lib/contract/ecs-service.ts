/** The form of an ECS service's ARN: region, account, cluster and service. One of before 2018 names no cluster, and is refused. */
export const SERVICE_ARN =
  /^arn:aws[a-z-]*:ecs:([a-z0-9-]+):(\d{12}):service\/([A-Za-z0-9_-]{1,255})\/([A-Za-z0-9_-]{1,255})$/;

/** That form in words. */
export const SERVICE_ARN_RULE =
  'the ARN of an ECS service with its cluster, such as arn:aws:ecs:eu-central-1:111122223333:service/prod/gateway (the older form names no cluster)';

export const ROLE_ARN = /^arn:aws[a-z-]*:iam::(\d{12}):role\/[\w+=,.@/-]{1,512}$/;

export const ROLE_ARN_RULE = 'the ARN of an IAM role';

/** The parts of an ECS service's ARN. */
export interface EcsServiceArn {
  readonly region: string;
  readonly account: string;
  /** Name of the cluster. */
  readonly cluster: string;
  readonly service: string;
  /** `cluster/service`, as people call it. */
  readonly name: string;
}

/** Undefined for any other text. */
export function parseServiceArn(arn: string): EcsServiceArn | undefined {
  const match = SERVICE_ARN.exec(arn);
  if (!match) return undefined;
  const [, region = '', account = '', cluster = '', service = ''] = match;
  return { region, account, cluster, service, name: `${cluster}/${service}` };
}

/** A service that is restarted, and the role to assume for it if it is in another account. */
export interface RestartedService {
  readonly arn: string;
  readonly role?: string;
}

/** More services of one key do not fit into the variables of the function that restarts them, which take 4 KB. */
export const MOST_SERVICES = 15;

/**
 * What keeps a function of an account from restarting a service, as a field and what was expected of it; undefined if nothing does. `isKnown`: whether a
 * text is more than a place for what only a deployment knows. An unknown account is given as undefined.
 */
export function unreachable(
  { arn, role }: RestartedService,
  account: string | undefined,
  isKnown: (text: string) => boolean,
): { readonly field: keyof RestartedService; readonly expected: string } | undefined {
  const itsAccount = isKnown(arn) ? parseServiceArn(arn)?.account : undefined;
  if (itsAccount === undefined) return undefined;
  if (role === undefined && account !== undefined && itsAccount !== account)
    return {
      field: 'arn',
      expected: `a service of account ${account}, or a role of account ${itsAccount} to assume`,
    };
  const roleAccount = role !== undefined && isKnown(role) ? ROLE_ARN.exec(role)?.[1] : undefined;
  if (roleAccount === undefined || roleAccount === itsAccount) return undefined;
  return { field: 'role', expected: `a role of account ${itsAccount}, which the service belongs to` };
}
