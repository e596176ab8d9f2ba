import { Construct, type IDependable } from 'constructs';
import type { FunctionContext, KeyFunction } from '../key-function';
import { adminFunction } from './admin';
import { checkFunction } from './check';
import { reportFunction } from './report';
import { admitSecretsManager, rotateFunction } from './rotate';

/** The three or four functions of an environment, each with its own role. */
export class EnvironmentFunctions extends Construct {
  /** Checks one key, and acts on what it finds. */
  readonly check: KeyFunction;
  /** Tests and promotes submitted keys. */
  readonly rotate: KeyFunction;
  /** Reports daily on all keys. */
  readonly report: KeyFunction;
  /** The only function with Admin access to Anthropic. It has no event source. */
  readonly admin?: KeyFunction;
  /** What must exist before Secrets Manager accepts a rotation schedule, and before a schedule may fire. */
  readonly ready: readonly IDependable[];

  constructor(scope: Construct, id: string, context: FunctionContext) {
    super(scope, id);
    const { adminAccess } = context.config;
    this.check = checkFunction(this, context);
    this.rotate = rotateFunction(this, context);
    this.report = reportFunction(this, context);
    if (adminAccess) this.admin = adminFunction(this, context, adminAccess);
    this.ready = [admitSecretsManager(this, this.rotate), this.rotate, this.check];
  }
}
