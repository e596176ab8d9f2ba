import { secretPrefix } from '../domain/policy';
import { isTagText } from './policy-tags';

/** The functions of an environment. `admin` exists only where Admin access is on. */
export const FUNCTION_ROLES = ['check', 'rotate', 'report', 'admin'] as const;

export type FunctionRole = (typeof FUNCTION_ROLES)[number];

/** The name a managed secret is created with, e.g. `anthropic/prod/api-gateway`. */
export const secretName = (environment: string, service: string) => `${secretPrefix(environment)}${service}`;

/** Whether a secret, by its ARN, is named as those that the environment creates: its roles and its rule then cover it already. */
export const isOwnSecret = (environment: string, secretArn: string) =>
  secretArn.split(':')[6]?.startsWith(secretPrefix(environment)) === true;

/**
 * Names of what an environment shares. They are fixed, so that the CLI and the stacks of a sharded environment find the
 * functions without a lookup, and so that a policy needs no reference to what it allows.
 */
export const sharedName = (environment: string) => `anthropic-keys-${environment}`;

/** Name of a deployed function, e.g. `anthropic-keys-prod-check`. */
export const functionName = (environment: string, role: FunctionRole) => `${sharedName(environment)}-${role}`;

/** Name of the queue that holds what could not be delivered or finished, e.g. `anthropic-keys-prod-undelivered`. */
export const undeliveredQueueName = (environment: string) => `${sharedName(environment)}-undelivered`;

/** EventBridge `source` of every event. */
export const EVENT_SOURCE = 'anthropic-key-rotation';

/** The pattern of names, as the JSON schema for editors shows it. */
export const KEBAB = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;

/** Longest names, in characters: both stand in the name of every resource, and AWS ends those of some at 64. */
export const MOST_CHARACTERS = { environment: 24, service: 40 } as const;

/** Whether a text may name an environment, a service or a stack: lower-case letters, digits and single dashes. */
export const isName = (text: string, most: number) => KEBAB.test(text) && text.length <= most;

/** Whether mail can be sent to it, and a tag can hold it. */
export const isMailAddress = (text: string) =>
  /^[^\s@]+@[^\s@.]+(\.[^\s@.]+)+$/.test(text) && isTagText(text);

/** EventBridge `detail-type` of the fleet report. That of a notice is in its row of the catalogue of findings. */
export const REPORT_EVENT_TYPE = 'Fleet Reported';
