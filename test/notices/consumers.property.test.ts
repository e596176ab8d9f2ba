import fc from 'fast-check';
import { CONSUMER_KINDS, CONSUMER_NAME, type Consumer } from '../../lib/domain/consumer';
import { renderNotice } from '../../lib/domain/notices/render';
import { MINUTE, plus } from '../../lib/domain/time';
import { consumerInWords, restartConsumers, withoutRestart } from '../../lib/domain/wording/consumers';
import { absolute, minuteAfter } from '../../lib/domain/wording/text';
import { aFinding, aKey, aKeyRef, aNoticeContext, NOW } from '../builders';
import { paste } from '../docs/shell-blocks';
import { stepsIn } from './read-mail';

const HOSTILE = [
  'www.evil.example/login',
  'login.evil.example',
  'root@evil.example',
  'prod/--no-verify-ssl',
  'prod/-x',
  'web/deployment/-o',
  'web/deployment/--all',
  'a/b/c',
  'prod/gateway/../other',
  'sk-ant-api03-AAAAAAAAAAAAAAAAAAAAAAAA',
];

const name = fc.oneof(
  fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9_./@-]{0,99}$/),
  fc.stringMatching(/^[a-z0-9]{1,9}\/[A-Za-z0-9_-]{1,60}$/),
  fc.stringMatching(/^[a-z0-9]{1,9}\/(deployment|statefulset|daemonset)\/[a-z0-9.-]{1,60}$/),
  fc.constantFrom(...HOSTILE),
);

const refresh = fc.oneof(fc.constant('restart' as const), fc.integer({ min: 1, max: 43_200 }));

/** As a tag can name them. */
const consumers = fc
  .uniqueArray(
    fc.record({ kind: fc.constantFrom(...CONSUMER_KINDS), name, refresh, machine: fc.boolean() }),
    { selector: (each) => each.name, maxLength: 25 },
  )
  .map((all) =>
    all.map(({ machine, ...each }): Consumer => {
      expect(each.name).toMatch(CONSUMER_NAME);
      return machine && each.kind === 'ecs' ? { ...each, refresh: 'restart', restarted: true } : each;
    }),
  );

const grace = fc.integer({ min: 1, max: 43_200 }).map((minutes) => plus(NOW, minutes * MINUTE));

const contextOf = (all: readonly Consumer[]) => aNoticeContext({ key: aKey({ consumers: all }) });
const nameOf = (consumer: Consumer) => consumerInWords(consumer).replace(/ \([^()]*\)$/, '');

/** What a sentence lists, and how many more it counts. */
function listed(sentence: string) {
  const [, list = ''] = /(?:: |reaches )(.*)\.$/.exec(sentence)!;
  const [whole = '', more = '0'] =
    /(?:^| and )(\d+) more \(describe-secret, below, shows all\)$/.exec(list) ?? [];
  const named = list.slice(0, list.length - whole.length);
  return { items: named === '' ? [] : named.split(/, | and /), more: Number(more) };
}

/** The sentence names the first of these, in order, and counts the others; there is none where there are none. */
function tells(sentence: string | undefined, items: readonly string[]) {
  if (items.length === 0) return expect(sentence).toBeUndefined();
  const told = listed(sentence!);
  expect(told.items).toEqual(items.slice(0, told.items.length));
  expect(told.items.length).toBeGreaterThan(0);
  expect(told.items.length + told.more).toBe(items.length);
}

test('each reader is told of once: restarted by people, by a machine, or in time by itself', () => {
  fc.assert(
    fc.property(consumers, grace, (all, until) => {
      const context = contextOf(all);
      const by = ({ refresh }: Consumer) => minuteAfter(plus(NOW, Number(refresh) * MINUTE));
      const byMachine = all.filter(({ restarted }) => restarted);
      const inTime = all.filter((each) => each.refresh !== 'restart' && by(each) <= until);
      const byPeople = all.filter((each) => !byMachine.includes(each) && !inTime.includes(each));
      const others = withoutRestart(context, until);
      tells(
        others.find((text) => text.startsWith('Restarted automatically')),
        byMachine.map(nameOf),
      );
      tells(
        others.find((text) => text.startsWith('Without a restart')),
        inTime.map((each) => `${nameOf(each)} by ${absolute(by(each))}`),
      );
      const [first] = restartConsumers(context, 'Restart', { otherwise: 'Nobody is named.', until });
      tells(byPeople.length > 0 ? String(first) : undefined, byPeople.map(nameOf));
      if (byPeople.length === 0) expect(first).toMatch(/^Restart nothing/);
    }),
    { numRuns: 500 },
  );
});

const KINDS = ['rotated', 'rolled-back', 'extended', 'grace-over', 'zombie'] as const;

test('no name becomes a link, a key or a word of a command that means something else', () => {
  fc.assert(
    fc.property(consumers, grace, fc.constantFrom(...KINDS), (all, until, kind) => {
      const retiring = [{ key: aKeyRef('old'), until, leaked: false }];
      const { text } = renderNotice(
        contextOf(all),
        kind === 'rotated' ? aFinding(kind, { retiring }) : aFinding(kind),
      );
      expect(text).not.toMatch(/evil\.example|www\.evil|sk-ant-api03-AAAA/);
      for (const block of stepsIn(text).flatMap(({ blocks }) => blocks)) {
        if (!/update-service|rollout restart/.test(block)) continue;
        const { calls, complaints } = paste({ text: block }, 'bash');
        expect(complaints).toEqual([]);
        expect(calls).toHaveLength(1);
        const words = calls[0]!;
        const after = (flag: string) => words[words.indexOf(flag) + 1]!;
        const named = all.map((each) => each.name);
        if (words[0] === 'aws') {
          expect(after('--service')).not.toMatch(/^-/);
          expect(named).toContain(`${after('--cluster')}/${after('--service')}`);
        } else {
          expect(words[3]).not.toMatch(/\/-/);
          expect(named).toContain(`${after('--namespace')}/${words[3]}`);
        }
      }
    }),
    { numRuns: 25 },
  );
});
