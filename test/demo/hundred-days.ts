import type { FindingKind } from '../../lib/domain/findings/catalogue';
import type { Deed, Mail } from '../../local/demo/journal';
import { DEMO_FLEET } from '../../local/demo/options';
import { type Played, play } from '../../local/demo/play';
import { synthesise } from '../../local/demo/synthesise';
import { type Deployment, readDeployments } from '../../local/deployment';

/** What the demo is set up from: its own fleet file, synthesised once for all tests. */
export const deployed = async (): Promise<readonly Deployment[]> =>
  readDeployments(await synthesise(DEMO_FLEET));

/** A played demo, with questions that tests ask of it. */
export class Timeline {
  constructor(readonly played: Played) {}

  static async of(deployments: readonly Deployment[], days: number, overHttp = false): Promise<Timeline> {
    return new Timeline(await play(deployments, { days, own: true, overHttp }));
  }

  get mails(): readonly Mail[] {
    return this.played.journal.mails;
  }

  get deeds(): readonly Deed[] {
    return this.played.journal.entries.filter((entry) => entry.type === 'deed');
  }

  /** The mails about one key, of one kind where told. */
  about(key: string, kind?: FindingKind): readonly Mail[] {
    return this.mails.filter(({ environment, about }) =>
      about.some(
        (one) => `${environment}/${one.service}` === key && (kind === undefined || one.kind === kind),
      ),
    );
  }

  kindsAbout(key: string): readonly string[] {
    return this.about(key).flatMap(({ about }) =>
      about.flatMap(({ service, kind }) => (key.endsWith(`/${service}`) ? kind : [])),
    );
  }

  alarms(name: string): readonly string[] {
    return this.mails.flatMap(({ kind, subject }) =>
      kind === 'alarm' && subject.includes(name) ? subject.split(' in ')[0]! : [],
    );
  }

  /** When a deed was done whose text contains the words. */
  deed(words: string): Deed {
    const found = this.deeds.find(({ text }) => text.includes(words));
    if (!found) throw new Error(`Nobody ${words}.`);
    return found;
  }
}
