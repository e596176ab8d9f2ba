import type { Consumer, ConsumerKind } from '../consumer';

/**
 * Whether what reads a key can do without one, by Workload Identity Federation. `perhaps` only where it runs on AWS with an IAM role of its own, which
 * keys.yaml does not say.
 */
export interface Prospect {
  readonly can: 'yes' | 'perhaps' | 'no';
  readonly why: string;
  /** How a person finds the role that it runs with. */
  readonly findRole?: string;
}

const PROSPECTS: Readonly<Record<ConsumerKind, Prospect>> = {
  ecs: {
    can: 'yes',
    why: 'Its tasks run with an IAM role.',
    findRole:
      'the task role (taskRoleArn) of its task definition, not the execution role: aws ecs describe-task-definition --task-definition FAMILY --query taskDefinition.taskRoleArn',
  },
  lambda: {
    can: 'yes',
    why: 'It runs with an IAM role.',
    findRole: 'aws lambda get-function-configuration --function-name FUNCTION --query Role',
  },
  kubernetes: {
    can: 'perhaps',
    why: 'On EKS, where its service account has an IAM role (EKS Pod Identity or IRSA). A cluster elsewhere needs an issuer and a subject of its own, which this command cannot derive.',
    findRole:
      'aws eks list-pod-identity-associations --cluster-name CLUSTER, or the annotation eks.amazonaws.com/role-arn of its service account',
  },
  host: {
    can: 'perhaps',
    why: 'On EC2, where the instance has a role. A laptop, and a server elsewhere, has no identity that AWS vouches for.',
    findRole:
      'the role in the instance profile: aws iam get-instance-profile --instance-profile-name PROFILE',
  },
  other: {
    can: 'no',
    why: 'A vendor, a gateway, Claude Code or a copy of the key elsewhere takes a key, unless its own documentation offers another way.',
  },
};

export const prospectOf = ({ kind }: Pick<Consumer, 'kind'>): Prospect => PROSPECTS[kind];

/** Whether all that reads a key surely runs on AWS with a role. Not where nobody says who reads it. */
export const couldGo = (consumers: readonly Consumer[] | undefined): boolean =>
  consumers !== undefined &&
  consumers.length > 0 &&
  consumers.every((each) => prospectOf(each).can === 'yes');

/** The identity of a workload: what AWS writes into the subject of its tokens. */
export interface Role {
  readonly arn: string;
  readonly account: string;
  /** Without its path. */
  readonly name: string;
}

/** A text that was understood, or why it was not taken, a sentence each. */
export type Read<T> = { readonly read: T } | { readonly refused: string };

const ROLE = /^arn:aws(?:-[a-z]+)*:iam::(\d{12}):role\/((?:[\w+=,.@-]+\/)*)([\w+=,.@-]{1,64})$/;

/** Roles that AWS or the sign-in of people makes. */
const NOT_OF_WORKLOADS = ['aws-service-role/', 'aws-reserved/'];

/**
 * The one role that may get tokens. A subject that fits more than one identity would let others in, so everything but the exact ARN of a role of this
 * account is refused.
 */
export function readRole(text: string, account: string): Read<Role> {
  const given = JSON.stringify(text);
  if (/[*?]/.test(text))
    return {
      refused: `${given} has a wildcard: every role that fits it would get tokens. Give the exact ARN of one role.`,
    };
  if (/^arn:[^:]*:sts::\d*:assumed-role\//.test(text))
    return {
      refused: `${given} is a session of a role. Tokens name the role itself: give its ARN, such as arn:aws:iam::${account}:role/gateway, with its path if it has one.`,
    };
  const match = ROLE.exec(text);
  if (!match)
    return {
      refused: `${given} is not the ARN of an IAM role, such as arn:aws:iam::${account}:role/gateway.`,
    };
  const [, of = '', path = '', name = ''] = match;
  if (NOT_OF_WORKLOADS.some((reserved) => path.startsWith(reserved)))
    return {
      refused: `${given} is a role for a service of AWS or for people, and no workload runs with it.`,
    };
  if (of !== account)
    return {
      refused: `${given} is of account ${of}, and this key is kept in account ${account}. Each account has an issuer of its own: set up a consumer of another account by hand.`,
    };
  return { read: { arn: text, account: of, name } };
}

const ISSUER = /^https:\/\/[a-z0-9-]+\.tokens\.sts\.[a-z0-9.-]+[a-z]$/;

/** The issuer of an account's identity tokens, as IAM shows it. Anthropic compares it letter for letter. */
export function readIssuer(text: string): Read<string> {
  if (ISSUER.test(text)) return { read: text };
  return {
    refused: `${JSON.stringify(text)} is not the issuer of an AWS account, such as https://0f1e2d3c-4b5a-4968-8776-655443322110.tokens.sts.global.api.aws: letter for letter, and without a slash at its end. IAM shows it: ${SHOW_ISSUER}`,
  };
}

/** Prints the issuer, and whether the account hands out tokens at all. */
export const SHOW_ISSUER = 'aws iam get-outbound-web-identity-federation-info';
