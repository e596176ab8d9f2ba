import type { FunctionEnv } from '../contract/env';
import type {
  AdminDesk,
  Clock,
  KeyProbe,
  Log,
  Metrics,
  NoticeBoard,
  SecretStore,
  TransitionBus,
} from './ports';

/** Everything a workflow may reach. */
export interface World {
  readonly env: FunctionEnv;
  readonly store: SecretStore;
  readonly probe: KeyProbe;
  readonly board: NoticeBoard;
  readonly bus: TransitionBus;
  /** Absent where Admin access is off. */
  readonly admin?: AdminDesk;
  readonly clock: Clock;
  readonly metrics: Metrics;
  readonly log: Log;
  /** A token for a new version or rotation: 32 to 64 characters, never used before. */
  readonly newToken: () => string;
  /** Milliseconds until this invocation is ended from outside. */
  readonly remaining: () => number;
}
