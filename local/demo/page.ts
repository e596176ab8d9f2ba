import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { auditEverywhere } from '../../lib/cli/audit';
import type { DeclaredEnvironment } from '../../lib/cli/context';
import { renderHtml, toJson } from '../../lib/cli/html/page';
import { onScreen } from '../../lib/cli/screen';
import type { AuditReport } from '../../lib/domain/audit/audit';
import { operatorOn } from '../cli/operator';
import { ScriptedTerminal } from '../cli/scripted-terminal';
import type { Deployed } from '../world';
import type { Played } from './play';

/** Writes the audit of the whole fleet, all accounts of it, for people and for machines, and returns where the page is. */
export async function writePage(played: Played, folder: string): Promise<string> {
  const report = await audit(played);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'fleet.json'), `${toJson(report)}\n`);
  const page = join(folder, 'fleet.html');
  writeFileSync(page, renderHtml(report));
  return page;
}

/** What `report --everywhere --html --inventory` shows to somebody who may read every account, and ask the function with Admin access. */
export async function audit({ sandbox }: Played): Promise<AuditReport> {
  const terminal = onScreen(new ScriptedTerminal(), { json: true });
  const environments = sandbox.deployed.map(declared);
  const { audit } = await auditEverywhere(
    { inventory: true },
    {
      ...operatorOn(sandbox, 'auditor@example.com').context(terminal),
      json: true,
      declared: async () => ({ file: 'keys.yaml', faults: [], environments }),
    },
  );
  return audit;
}

/** A deployed environment as a fleet file would declare it, with the account and region in which it is, and a role there: with the responder policy where the
 * organization can be asked. */
function declared({ deployment, aws, adminAccess }: Deployed): DeclaredEnvironment {
  const { environment, functions } = deployment;
  const spendLimitReviewed = functions
    .map(({ variables }) => variables.ROTATION_SPEND_LIMIT_REVIEWED)
    .find((day) => day !== undefined);
  return {
    ...{ environment, adminAccess },
    account: aws.accountId,
    region: aws.region,
    readAs: { role: `arn:aws:iam::${aws.accountId}:role/${adminAccess ? 'KeyResponder' : 'KeyReader'}` },
    ...(spendLimitReviewed && { spendLimitReviewed }),
  };
}
