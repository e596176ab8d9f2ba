import { FILL_IN } from './templates';

/** The workflow of a repository of people's own. Actions are named by their commits, so that nobody can exchange them. */
export const WORKFLOW = `# Keeps one issue for each Anthropic API key that needs a person, and writes the page for auditors once a week.
# It reads AWS by a role that only reads, signed in to by OpenID Connect: no credential is stored.
name: Anthropic keys
on:
  schedule:
    - cron: '17 5 * * 0,2-6'
    # The weekly run.
    - cron: '17 5 * * 1'
  workflow_dispatch:
permissions: {}
# One run after the other: two at once could open an issue twice.
concurrency:
  group: anthropic-keys
  cancel-in-progress: false
jobs:
  keys:
    runs-on: ubuntu-24.04
    timeout-minutes: 30
    permissions:
      contents: read
      id-token: write
      issues: write
    steps:
      - uses: actions/checkout@11bd71901bbe5b1630ceea73d27597364c9af683 # v4.2.2
        with:
          persist-credentials: false
      - uses: actions/setup-node@49933ea5288caeca8642d1e84afbd3f7d6820020 # v4.4.0
        with:
          node-version: 24
      - name: Install what package-lock.json names
        run: npm ci --ignore-scripts
      - uses: aws-actions/configure-aws-credentials@b47578312673ae6fa5b5096b330d9fbac3d116df # v4.2.1
        with:
          role-to-assume: ${FILL_IN} # ARN of the role that reads, and that this repository may assume
          aws-region: ${FILL_IN} # any region that the account has, such as eu-central-1
      - name: List the keys
        id: list
        # 3 means that a key needs a person, and 4 that a place could not be read: both are listings. After anything else there is none.
        run: |
          code=0
          npx --no -- anthropic-keys status --everywhere --json > listing.json || code=$?
          echo "exit=$code" >> "$GITHUB_OUTPUT"
          case $code in
            0 | 3 | 4) ;;
            *) exit "$code" ;;
          esac
      - name: Keep the issues
        env:
          GITHUB_TOKEN: \${{ github.token }}
        run: npx --no -- anthropic-keys tickets --from listing.json
      - name: Write the page for auditors
        if: github.event_name == 'workflow_dispatch' || github.event.schedule == '17 5 * * 1'
        # 4 means that a place is missing on it, which the page says, too.
        run: |
          code=0
          npx --no -- anthropic-keys report --everywhere --html keys.html || code=$?
          case $code in
            0 | 3 | 4) ;;
            *) exit "$code" ;;
          esac
      - uses: actions/upload-artifact@ea165f8d65b6e75b540449e92b4886f43607fa02 # v4.6.2
        if: github.event_name == 'workflow_dispatch' || github.event.schedule == '17 5 * * 1'
        with:
          name: anthropic-keys
          path: keys.html
          if-no-files-found: error
          retention-days: 90
      - name: Fail if a place could not be read
        if: steps.list.outputs.exit == '4'
        run: |
          echo '::error::A place could not be read. The step that keeps the issues says which, and why. Issues of it stay as they were.'
          exit 4
`;
