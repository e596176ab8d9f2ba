import { attachLabels } from './labels';
import { completed } from './schedule';
import { holderOf, type Secret, versionOf } from './state';
import type { Vault } from './vault';

/** What a running rotation asks and changes of its secret; always the true state, whatever readers see. */
export function labelled(vault: Vault, { secretArn, token }: { secretArn: string; token: string }) {
  const secret = (): Secret | undefined => {
    const found = vault.find(secretArn);
    return found?.deleted ? undefined : found;
  };
  const labels = () => {
    const found = secret();
    return (found && versionOf(found, token)?.labels) ?? [];
  };
  return {
    /** The function to call, as long as the rotation is on and the version still takes part in it. */
    functionArn(): string | undefined {
      const rotation = secret()?.rotation;
      const takesPart = labels().includes('AWSPENDING') || labels().includes('AWSCURRENT');
      return rotation?.enabled && takesPart ? rotation.functionArn : undefined;
    },
    current: () => labels().includes('AWSCURRENT'),
    complete(): void {
      const found = secret();
      if (found) vault.write(completed(found, vault.settings.pendingAfterSuccess, vault.clock.now()));
    },
    addTemporary(): void {
      const found = secret();
      if (!found) return;
      const now = vault.clock.now();
      const holds = vault.settings.testVersionHolds === 'current';
      const content = holds ? holderOf(found, 'AWSCURRENT')?.content : undefined;
      const versions = [...found.versions, { id: token, createdAt: now, content, labels: [] }];
      vault.write(attachLabels({ ...found, versions }, token, ['AWSPENDING'], now));
    },
    removeTemporary(): void {
      const found = secret();
      if (found)
        vault.write({ ...found, versions: found.versions.filter((version) => version.id !== token) });
    },
  };
}
