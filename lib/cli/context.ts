import type { KeyIdentity, Policy } from '../domain/policy';
import type { Home } from '../domain/probe/verdict';
import type { DeployedFunctions, Examiner, OperatorStore, Place } from '../workflows/operator-ports';
import type { Clock, KeyProbe, TrailReader } from '../workflows/ports';
import type { Terminal } from './terminal';

/** What a fleet file says of one key. */
export interface Configured {
  readonly file: string;
  /** Everything that is wrong with the file; nothing else is said then. */
  readonly faults: readonly string[];
  /** Absent where it has no such environment. */
  readonly found?: {
    readonly home: Home;
    /** The key's, or what a key of this environment gets that says nothing of its own. */
    readonly policy: Policy;
    /** Absent where the environment has no such key. */
    readonly key?: { readonly owner: string; readonly existing?: string };
  };
}

/** Everything a command may reach. */
export interface CliContext {
  readonly store: OperatorStore;
  readonly functions: DeployedFunctions;
  readonly probe: KeyProbe;
  readonly examiner: Examiner;
  readonly trail: TrailReader;
  readonly clock: Clock;
  readonly terminal: Terminal;
  readonly newToken: () => string;
  /** Account, region and endpoint that the calls go to: asked once. */
  place(): Promise<Place>;
  writeFile(path: string, text: string): Promise<void>;
  /** Looks a key up in a fleet file, the checkout's own where none is named; undefined where that file does not exist. */
  configured(
    key: Pick<KeyIdentity, 'environment' | 'service'>,
    file?: string,
  ): Promise<Configured | undefined>;
}
