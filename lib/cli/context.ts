import type { ReadAs } from '../contract/people';
import type { Consumer } from '../domain/consumer';
import type { Alerts } from '../domain/notices/audience';
import type { KeyIdentity, Policy } from '../domain/policy';
import type { Home } from '../domain/probe/verdict';
import type {
  DeployedFunctions,
  EvidenceLog,
  Examiner,
  GithubRepository,
  IssueTracker,
  OperatorStore,
  Place,
} from '../workflows/operator-ports';
import type { Clock, KeyProbe, TrailReader } from '../workflows/ports';
import type { Terminal } from './terminal';

/** What a fleet file says about one key. */
export interface Configured {
  readonly file: string;
  /** Everything wrong with the file. If there is anything, the rest is absent. */
  readonly faults: readonly string[];
  /** Absent if the file has no such environment. */
  readonly found?: {
    readonly home: Home;
    /** Mailboxes that hear of all keys of the environment. */
    readonly alerts: Alerts;
    /** The key's, or the default of its environment. */
    readonly policy: Policy;
    /** Absent if the environment has no such key. */
    readonly key?: {
      readonly owner: string;
      readonly existing?: string;
      /** Applications that read it. */
      readonly consumers?: readonly Consumer[];
      /** The further stack that holds it. Absent if the first one does. */
      readonly stack?: string;
    };
  };
}

/** An environment as a fleet file declares it: where it is, and whose credentials read it. */
export interface DeclaredEnvironment {
  readonly environment: string;
  /** Absent if that of the credentials counts, like the region. */
  readonly account?: string;
  readonly region?: string;
  /** @default the caller's own */
  readonly readAs?: ReadAs;
  /** Absent if the first accepted key is to say it. */
  readonly organizationId?: string;
  /** Whether a function of it may ask Anthropic for the records of keys. */
  readonly adminAccess: boolean;
  /** Day on which a person last reviewed the workspace's spend limit. */
  readonly spendLimitReviewed?: string;
}

/** What a fleet file says of all environments. */
export interface DeclaredFleet {
  readonly file: string;
  /** Everything wrong with the file. If there is anything, no environment is given. */
  readonly faults: readonly string[];
  readonly environments: readonly DeclaredEnvironment[];
}

/** Where this program is, and how it is started. */
export interface Installation {
  /** Whether it runs from a checkout of this project, and not from an installed package. */
  readonly isCheckout: boolean;
  /** The folder of the checkout, or the one whose `node_modules` has the package. */
  readonly repository: string;
  /** Words that start it from any folder. */
  readonly start: readonly string[];
}

/** What belongs to one account and region, and to whoever is signed in there. */
export interface Connection {
  readonly store: OperatorStore;
  readonly functions: DeployedFunctions;
  readonly probe: KeyProbe;
  readonly examiner: Examiner;
  readonly trail: TrailReader;
  readonly evidenceLog: EvidenceLog;
  /** The AWS profile in use, if one was named by an option, a variable or the fleet file. */
  readonly profile?: string;
  /** Gets credentials, and asks for an MFA code if the profile takes one. @throws Error that says why there are none; Interrupted */
  signIn(): Promise<void>;
  /** Account, region and endpoint of all calls. Looked up once. */
  place(): Promise<Place>;
}

/** Everything a command may reach. */
export interface CliContext extends Connection {
  readonly clock: Clock;
  readonly terminal: Terminal;
  readonly newToken: () => string;
  readonly installation: Installation;
  /** A machine reads what is printed. */
  readonly json: boolean;
  /** The environment variables of the process. */
  readonly vars: Readonly<Record<string, string | undefined>>;
  issues(repository: GithubRepository): IssueTracker;
  writeFile(path: string, text: string): Promise<void>;
  /** @throws Error of the file system */
  readFile(path: string): Promise<string>;
  /** Looks a key up in a fleet file, by default `keys.yaml` in the current folder. Undefined if that file does not exist. */
  configured(
    key: Pick<KeyIdentity, 'environment' | 'service'>,
    file?: string,
  ): Promise<Configured | undefined>;
  /** All environments of a fleet file, by default `keys.yaml` in the current folder. Undefined if that file does not exist. */
  declared(file?: string): Promise<DeclaredFleet | undefined>;
  /** Connects to the place of an environment with the credentials that read it. Nothing is called, and a profile signs in once however often it is named. */
  connect(to: Pick<DeclaredEnvironment, 'region' | 'readAs'>): Promise<Connection>;
}
