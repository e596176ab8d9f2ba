import cdk from '../../../cdk.json';
import { dependencies, name } from '../../../package.json';

/** What stands where a person has to decide. The fleet file is refused while it has one, with its line. */
export const FILL_IN = 'FILL-IN';

/** Packages besides ours that the laid app needs, each with the version that this release was tested with. */
export const COMPANIONS = {
  'aws-cdk': dependencies['aws-cdk'],
  'aws-cdk-lib': dependencies['aws-cdk-lib'],
  constructs: dependencies.constructs,
} as const;

/**
 * The files of a repository that deploys keys, by their paths. The app is plain JavaScript: it needs no compiler and no loader. `source` says where npm
 * gets our package from: a version, or `file:` and a path.
 */
export const templates = (source: string): Readonly<Record<string, string>> => ({
  'keys.yaml': KEYS,
  'bin/app.js': APP,
  'cdk.json': json({
    app: 'node bin/app.js',
    // Those of the project's own app, so that a deployment from its checkout can move here in place.
    context: cdk.context,
    requireApproval: cdk.requireApproval,
  }),
  'package.json': json({
    name: 'our-anthropic-keys',
    private: true,
    scripts: { synth: 'cdk synth -q', keys: 'anthropic-keys' },
    dependencies: { [name]: source, ...COMPANIONS },
  }),
  '.gitignore': 'node_modules/\ncdk.out/\n',
});

const json = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`;

const KEYS = `# yaml-language-server: $schema=./node_modules/${name}/keys.schema.json
#
# The Anthropic API keys that this team keeps. Editors that know YAML schemas complete and explain every field;
# \`npx cdk synth -q\` names everything that is wrong, with its line: at first, each place that says ${FILL_IN}.

# How keys are kept, unless an environment or a key says otherwise. These are the built-in values.
defaults:
  maxAgeDays: 90 # more needs \`allowLongAge: <reason>\`
  warnDays: [14, 7, 1] # reminders, in days before that
  graceHours: 48 # how long the old key stays valid after a rotation
  checkEvery: rate(1 hour)

environments:
  dev:
    # account: '111111111111'        # unset: the account and region of your credentials
    # region: eu-central-1
    alerts: [${FILL_IN}] # mailboxes that hear of every key here, such as platform@your-company.com
    # workspaceId: wrkspc_…          # a key of another workspace is refused
    # cliCommand: pnpm exec anthropic-keys # what mails call the command line by. Default: npx --no -- anthropic-keys
    # projectUrl: https://…          # where this repository is: mails link to it
    # runbookUrl: https://…          # where the runbook is served: mails and alarms link to it
    keys:
      playground: # a service that uses a key of its own
        owner: ${FILL_IN} # the mailbox of the team that rotates this key
        # consumers: [{ kind: ecs, name: cluster/service }] # what reads it, so that mails say what to restart; [] if nothing does
        # policy: { maxAgeDays: 60 } # stricter than the rest

  # Another environment is the same again, in this account or another:
  # prod:
  #   account: '222222222222'
  #   region: eu-central-1
  #   alerts: [platform@your-company.com, on-call@your-company.com]
  #   keys:
  #     api-gateway:
  #       owner: gateway-team@your-company.com
`;

const APP = `// @ts-check
const { readFileSync } = require('node:fs');
const { addFleet, loadFleet, renderFault } = require('${name}');
const { App } = require('aws-cdk-lib');

const FILE = 'keys.yaml';

const app = new App();
const { fleet, errors, warnings } = loadFleet(readFileSync(FILE, 'utf8'), FILE, new Date());
if (!fleet) {
  // Without a stack trace, which would not help whoever writes the file.
  console.error(errors.map(renderFault).join('\\n'));
  process.exit(1);
}
addFleet(app, fleet, warnings);
`;
