import type { DeployedFunctions, Examiner, OperatorStore, Place } from '../workflows/operator-ports';
import type { Clock, KeyProbe, TrailReader } from '../workflows/ports';
import type { Terminal } from './terminal';

/** Everything a command may reach. */
export interface Desk {
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
}
