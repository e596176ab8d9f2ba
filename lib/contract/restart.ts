import { shortHash } from '../domain/key';
import type { RestartedService } from './ecs-service';
import { secretName, sharedName } from './names';

/**
 * What the rules and functions begin with that restart consumers of a key, e.g. `anthropic-keys-prod-restart-5e0cbe3d_`. The hash tells a service from
 * others whose names begin alike. The underscore is in no name of an environment, so no function of one is mistaken for them.
 */
export const restartPrefix = (environment: string, service: string) =>
  `${sharedName(environment)}-restart-${shortHash(secretName(environment, service))}_`;

/** Name of such a rule and of its function: at most 64 characters. `path` is the construct's. */
export const restartName = (environment: string, service: string, path: string) =>
  `${restartPrefix(environment, service)}${shortHash(path).slice(0, 7)}`;

/** Those of a whole environment, as a pattern of IAM. */
export const restartNames = (environment: string) => `${sharedName(environment)}-restart-*_*`;

/** What people may call what is restarted. With it, the description of a function has at most the 256 characters that AWS allows. */
export const RESTARTED_NAME = /^\w[\w ,./@-]{0,119}$/;

/** The rule of `RESTARTED_NAME` in words. */
export const RESTARTED_NAME_RULE =
  'at most 120 letters, digits, blanks and , . / @ _ - (a letter or digit first)';

/** What such a rule and its function say of themselves. Checks read from it whom it restarts. */
export const restartDescription = (consumer: string, environment: string, service: string) =>
  `Restarts ${consumer} after a change of the Anthropic key ${environment}/${service}`;

/** Why a service that another controller deploys is refused: only ECS itself can be asked for a new deployment. */
export const refusalOf = (service: string, controller: string) =>
  `${service} is deployed by ${controller}, so RestartOnRotation cannot restart it: take it out, and start its deployment in a target of your own.`;

/** Whom a rule restarts, by its description; undefined where somebody gave it another one. */
export const consumerIn = (description: string | undefined) =>
  /^Restarts (.+) after a change of the Anthropic key /.exec(description ?? '')?.[1];

/** Configuration of a function that restarts services. */
export interface RestartEnv {
  readonly environment: string;
  readonly service: string;
  readonly services: readonly RestartedService[];
  /** Seconds after a change before which nothing that starts counts as fresh. */
  readonly marginSeconds: number;
}

/** Deployment side. `services` is their JSON, which may hold references that only CloudFormation can fill in. */
export const encodeRestartEnv = (env: Omit<RestartEnv, 'services'> & { readonly services: string }) => ({
  RESTART_ENVIRONMENT: env.environment,
  RESTART_SERVICE: env.service,
  RESTART_SERVICES: env.services,
  RESTART_MARGIN_SECONDS: String(env.marginSeconds),
});

/** Function side. @throws Error naming what is missing or wrong */
export function decodeRestartEnv(vars: Readonly<Record<string, string | undefined>>): RestartEnv {
  const text = (name: string) => {
    const value = vars[name];
    if (!value)
      throw new Error(`The environment variable ${name} is missing: deploy RestartOnRotation again.`);
    return value;
  };
  const marginSeconds = Number(text('RESTART_MARGIN_SECONDS'));
  if (!Number.isInteger(marginSeconds) || marginSeconds < 0)
    throw new Error(`RESTART_MARGIN_SECONDS is ${vars.RESTART_MARGIN_SECONDS}, and must be whole seconds.`);
  const services: unknown = JSON.parse(text('RESTART_SERVICES'));
  if (!Array.isArray(services)) throw new Error('RESTART_SERVICES must be a list.');
  return {
    environment: text('RESTART_ENVIRONMENT'),
    service: text('RESTART_SERVICE'),
    services: services as readonly RestartedService[],
    marginSeconds,
  };
}
